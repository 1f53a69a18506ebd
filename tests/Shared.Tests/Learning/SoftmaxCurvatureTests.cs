using DistTrain.Formats.State;
using DistTrain.Learning;
using DistTrain.Shared.Tests.Testing;
using DistTrain.Training;

namespace DistTrain.Shared.Tests.Learning;

public sealed class SoftmaxCurvatureTests
{
    // Two columns of zeros and ones, uncorrelated by weight, with means far from 0.
    static readonly PlainProblem Uncorrelated = new(
        [[1, 1], [1, 1], [1, 0], [1, 0], [0, 1], [0, 1], [0, 0], [0, 0]], [0, 1, 2, 1, 0, 2, 1, 0], [1, 2, 2, 1, 2, 4, 3, 3], 3);

    [Theory, InlineData(0), InlineData(0.4)]
    public void It_inverts_the_Hessian_at_the_start_when_columns_are_uncorrelated(double smoothing)
    {
        var evaluator = new SlowEvaluator(Uncorrelated with { Targets = new Targets(smoothing, []) });
        var objective = new PenalizedObjective(evaluator.Statistics, Penalty.Of(evaluator.Statistics, l2: 0));
        double[] step = [0.1, -0.3, 0.25, 0.1, -0.35, 0.2, 0.15, 0.05, -0.2]; // sums to 0 over the classes
        var change = HessianTimes(step, objective, evaluator);

        new SoftmaxCurvature(evaluator.Statistics, objective.Penalty).Solve(change, []);

        for (var i = 0; i < step.Length; i++) Assert.Equal(step[i], change[i], 1e-7);
    }

    [Fact]
    public void It_is_symmetric_and_never_negative()
    {
        var problem = PlainProblem.Random(seed: 5, rowCount: 50, featureCount: 4, classCount: 4, d => d + 0.5, isWeighted: true);
        var curvature = new SoftmaxCurvature(
            new SlowEvaluator(problem).Statistics, Penalty.Of(new SlowEvaluator(problem).Statistics, l2: 0.01));
        var size = 4 * 5;
        var columns = new double[size][];
        for (var i = 0; i < size; i++)
        {
            columns[i] = new double[size];
            columns[i][i] = 1;
            curvature.Solve(columns[i], []);
        }

        for (var i = 0; i < size; i++)
        {
            Assert.True(columns[i][i] >= 0);
            for (var j = 0; j < i; j++) Assert.Equal(columns[i][j], columns[j][i], 1e-12);
        }

        float[] vector = [.. Enumerable.Range(0, size).Select(i => (float)Math.Sin(i + 1))];
        double[] solved = [.. vector.Select(x => (double)x)];
        curvature.Solve(solved, []);
        Assert.Equal(vector.Zip(solved, (v, s) => v * s).Sum(), curvature.Square(vector), 1e-12);
    }

    [Fact]
    public void With_L1_it_inverts_the_Hessian_of_the_free_classes_alone()
    {
        var evaluator = new SlowEvaluator(Uncorrelated);
        var objective = new PenalizedObjective(evaluator.Statistics, Penalty.Of(evaluator.Statistics, l2: 0.01, l1: 1));
        bool[] free = [true, true, false, true, true, true, true, true, true]; // Class 1 has no weight in column 0.
        double[] step = [0.1, -0.3, 0, 0.1, -0.35, 0.2, 0.15, 0.05, -0.2];
        var change = HessianTimes(step, objective, evaluator);
        change[2] = 0;

        new SoftmaxCurvature(evaluator.Statistics, objective.Penalty).Solve(change, free);

        for (var i = 0; i < 6; i++) Assert.Equal(step[i], change[i], 1e-7);
        for (var i = 7; i < 9; i++) Assert.Equal(step[i] - step[6], change[i] - change[6], 1e-7); // A common shift changes nothing.
    }

    [Fact]
    public void Where_a_common_shift_of_the_classes_has_no_curvature_it_is_still_finite()
    {
        var statistics = new SlowEvaluator(Uncorrelated).Statistics;
        double[] vector = [1, 0, 1, 0, 1, 0, 0, 0, 0];

        new SoftmaxCurvature(statistics, Penalty.Of(statistics, l2: 0, l1: 1)).Solve(vector, []);

        Assert.All(vector[..6].Where((_, i) => i % 2 == 0), x => Assert.InRange(x, 1, 1e4));
    }

    [Theory, InlineData(0, 0), InlineData(0.05, 0.02)]
    public void Where_the_loss_has_shrunk_so_has_the_datas_part_of_the_curvature_and_the_penaltys_has_not(double l2, double l1)
    {
        const double Share = 0.25;
        var statistics = new SlowEvaluator(Uncorrelated).Statistics;
        var penalty = Penalty.Of(statistics, l2, l1);
        double[] point = [1, -2, 0, 1, -1, 1, 0, 0.5, -0.5];
        var objective = Share * statistics.PriorLoss + penalty.Of(point.AsSpan(0, 6), ..2);
        double[] there = [1, -1, 0.5, 1, -1.5, 0, 0.2, 0.3, -0.5], elsewhere = [.. there];

        new SoftmaxCurvature(statistics, penalty).At(point, objective).Solve(there, []);

        // (share·A + λ₂)⁻¹ = (A + λ₂ / share)⁻¹ / share
        new SoftmaxCurvature(statistics, Penalty.Of(statistics, l2 / Share, l1)).Solve(elsewhere, []);
        for (var i = 0; i < there.Length; i++) Assert.Equal(elsewhere[i] / Share, there[i], 1e-9);
    }

    [Theory, InlineData(-1, 1e-3), InlineData(0, 1e-3), InlineData(7, 1)]
    public void The_share_of_the_curvature_stays_within_bounds(double lossOfPriorLoss, double share)
    {
        var statistics = new SlowEvaluator(Uncorrelated).Statistics;
        var curvature = new SoftmaxCurvature(statistics, Penalty.Of(statistics, l2: 0));
        float[] vector = [1, -1, 0.5f, 1, -1.5f, 0, 0.2f, 0.3f, -0.5f];

        var there = curvature.At(new double[9], lossOfPriorLoss * statistics.PriorLoss);

        Assert.Equal(curvature.Square(vector) / share, there.Square(vector), 1e-9);
    }

    [Fact]
    public void What_it_has_come_to_is_saved()
    {
        var statistics = new SlowEvaluator(Uncorrelated).Statistics;
        var start = new SoftmaxCurvature(statistics, Penalty.Of(statistics, l2: 0.1));
        var there = start.At(new double[9], 0.3);
        float[] vector = [1, -1, 0.5f, 1, -1.5f, 0, 0.2f, 0.3f, -0.5f];

        using var saved = Saved.Of(there.Save);
        var restored = start.Restore(new StateReader(saved));

        Assert.Equal(there.Square(vector), restored.Square(vector));
        Assert.NotEqual(start.Square(vector), restored.Square(vector));
    }

    [Theory, InlineData(0), InlineData(1.5), InlineData(double.NaN)]
    public void A_saved_share_out_of_bounds_is_refused(double share)
    {
        var statistics = new SlowEvaluator(Uncorrelated).Statistics;
        using var saved = Saved.Of(state => state.Write(share));

        Assert.Throws<InvalidDataException>(
            () => new SoftmaxCurvature(statistics, Penalty.Of(statistics, l2: 0.1)).Restore(new StateReader(saved)));
    }

    [Fact]
    public void Weights_of_a_constant_column_do_not_move()
    {
        var statistics = new SlowEvaluator(new PlainProblem([[1, 2], [1, 3], [1, 5]], [0, 1, 0], 2)).Statistics;
        double[] vector = [7, 1, -7, 2, 0.5, -0.5];

        new SoftmaxCurvature(statistics, Penalty.Of(statistics, l2: 1)).Solve(vector, []);

        Assert.Equal((0.0, 0.0), (vector[0], vector[2]));
    }

    [Fact]
    public void A_column_of_zeros_without_penalty_does_no_harm()
    {
        var statistics = new SlowEvaluator(new PlainProblem([[0], [0]], [0, 1], 2)).Statistics;
        double[] vector = [0, 0, 0.5, -0.5];

        new SoftmaxCurvature(statistics, Penalty.Of(statistics, l2: 0)).Solve(vector, []);

        Assert.Equal([0, 0, 1, -1.0], vector);
    }

    static double[] HessianTimes(double[] step, PenalizedObjective objective, SlowEvaluator evaluator)
    {
        const double Length = 1e-4;
        var start = objective.StartingPoint().Values;
        double[] GradientAt(double length)
        {
            var point = start.Zip(step, (x, d) => x + length * d).ToArray();
            var question = new Question(new EvaluationRequest(EvaluationKind.Gradient), new Parameters(objective.Shape, point), 0);
            return objective.Of(evaluator.Answer(question), point).Gradient;
        }
        return [.. GradientAt(Length).Zip(GradientAt(-Length), (after, before) => (after - before) / (2 * Length))];
    }
}
