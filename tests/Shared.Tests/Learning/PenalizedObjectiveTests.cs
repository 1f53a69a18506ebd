using DistTrain.Learning;
using DistTrain.Numerics;
using DistTrain.Shared.Tests.Testing;
using DistTrain.Training;

namespace DistTrain.Shared.Tests.Learning;

public sealed class PenalizedObjectiveTests
{
    static readonly PlainProblem Problem = PlainProblem.Random(seed: 3, rowCount: 40, featureCount: 3, classCount: 3, isWeighted: true);
    static readonly SlowEvaluator Evaluator = new(Problem);
    static readonly PenalizedObjective Objective = new(Evaluator.Statistics, Penalty.Of(Evaluator.Statistics, l2: 0.5));

    static (double Value, double[] Gradient) At(double[] point)
    {
        var question = new Question(new EvaluationRequest(EvaluationKind.Gradient), new Parameters(Objective.Shape, point), 0);
        return Objective.Of(Evaluator.Answer(question), point);
    }

    static double[] SomePoint()
    {
        var random = new CounterRandom(seed: 11, stream: 0);
        var point = new double[Objective.Shape.ParameterCount];
        for (var i = 0; i < point.Length; i++) point[i] = random.NextGaussian();
        return point;
    }

    [Fact]
    public void The_value_is_the_weighted_mean_loss_plus_the_penalty_of_the_weights_alone()
    {
        var point = SomePoint();

        Assert.Equal(NewtonSolver.Objective(Problem, 0.5, point), At(point).Value, 1e-14);
    }

    [Fact]
    public void The_gradient_is_the_values_numerical_derivative()
    {
        var point = SomePoint();
        var gradient = At(point).Gradient;
        for (var i = 0; i < point.Length; i++)
        {
            const double Step = 1e-5;
            double Shifted(double by) => At([.. point.Select((value, j) => j == i ? value + by : value)]).Value;
            Assert.Equal((Shifted(Step) - Shifted(-Step)) / (2 * Step), gradient[i], 1e-9);
        }
    }

    [Fact]
    public void Training_starts_at_the_log_prior_where_the_intercepts_gradient_is_zero()
    {
        var start = Objective.StartingPoint();

        Assert.All(start.Weights.ToArray(), weight => Assert.Equal(0, weight));
        for (var k = 0; k < 3; k++)
            Assert.Equal(Evaluator.Manifest.ClassWeights[k] / Evaluator.Manifest.WeightSum, PinnedMath.Exp(start.Intercepts[k]), 1e-15);
        Assert.All(At(start.Values).Gradient[9..], gradient => Assert.Equal(0, gradient, 1e-15));
    }

    [Theory, InlineData(0.3, false), InlineData(0, true), InlineData(0.3, true)]
    public void Under_other_targets_too_value_gradient_and_start_follow_the_definition(double smoothing, bool hasClassWeights)
    {
        var problem = Problem with { Targets = new Targets(smoothing, hasClassWeights ? [0.5, 1, 3] : []) };
        var evaluator = new SlowEvaluator(problem);
        var objective = new PenalizedObjective(evaluator.Statistics, Penalty.Of(evaluator.Statistics, l2: 0.5));
        (double Value, double[] Gradient) Under(double[] at) => objective.Of(
            evaluator.Answer(new Question(new EvaluationRequest(EvaluationKind.Gradient), new Parameters(objective.Shape, at), 0)), at);

        var point = SomePoint();
        var (value, gradient) = Under(point);

        Assert.Equal(NewtonSolver.Objective(problem, 0.5, point), value, 1e-13);
        for (var i = 0; i < point.Length; i++)
        {
            const double Step = 1e-5;
            double Shifted(double by) => Under([.. point.Select((x, j) => j == i ? x + by : x)]).Value;
            Assert.Equal((Shifted(Step) - Shifted(-Step)) / (2 * Step), gradient[i], 1e-8);
        }
        Assert.All(Under(objective.StartingPoint().Values).Gradient[9..], g => Assert.Equal(0, g, 1e-15));
    }

    [Fact]
    public void The_yardstick_is_the_columns_rms_where_that_is_above_one()
    {
        var evaluator = new SlowEvaluator(new PlainProblem([[3, 0.5], [-4, 0.5]], [0, 1], [1, 3], 2));
        var objective = new PenalizedObjective(evaluator.Statistics, Penalty.Of(evaluator.Statistics, l2: 0));
        var rms = Math.Sqrt((9 + 3 * 16) / 4.0);

        Assert.Equal([rms, 1, rms, 1, 1, 1], objective.Yardstick);
        Assert.Equal(2, objective.GradientMax([2 * rms, -1.5, 0, 0, 0.5, 0], new double[6]), 1e-15);
    }

    [Fact]
    public void Where_no_column_is_larger_the_yardstick_is_one_and_not_kept()
    {
        var evaluator = new SlowEvaluator(new PlainProblem([[1, 0.5], [-1, 0.5]], [0, 1], [1, 3], 2));
        var objective = new PenalizedObjective(evaluator.Statistics, Penalty.Of(evaluator.Statistics, l2: 0));

        Assert.Empty(objective.Yardstick);
        Assert.Equal(2, objective.GradientMax([0.5, -2, 0, 0, 1, 0], new double[6]));
    }

    [Fact]
    public void With_L1_the_value_has_all_terms_and_the_gradient_the_smooth_ones()
    {
        var penalty = Penalty.Of(Evaluator.Statistics, l2: 0.5, l1: 0.25, factors: [1, 0, 3]);
        var (point, sums) = (SomePoint(), new EvaluationRequest(EvaluationKind.Gradient));
        var answer = Evaluator.Answer(new Question(sums, new Parameters(Objective.Shape, point), 0));

        var (value, gradient) = new PenalizedObjective(Evaluator.Statistics, penalty).Of(answer, point);

        Assert.Equal(ProximalSolver.Objective(Problem, new([0.5, 0, 1.5], [0.25, 0, 0.75]), point), value, 1e-14);
        var plain = At(point).Gradient;
        for (var i = 0; i < 9; i++) Assert.Equal(plain[i] + (penalty.L2[i % 3] - 0.5) * point[i], gradient[i], 1e-14);
        Assert.Equal(plain[9..], gradient[9..]);
    }

    [Fact]
    public void An_initial_model_starts_with_the_intercepts_doing_what_constant_columns_did()
    {
        var statistics = new SlowEvaluator(new PlainProblem([[2, 1], [2, 3], [2, 5]], [0, 1, 0], 2)).Statistics;
        var objective = new PenalizedObjective(statistics, Penalty.Of(statistics, l2: 1));

        var start = objective.StartingPoint(new Parameters(objective.Shape, [10, 1, -5, -1, 0.5, 0.25]));

        Assert.Equal([0, 1, 0, -1, 20.5, -9.75], start.Values);
    }

    [Fact]
    public void Sums_that_are_not_finite_make_an_infinite_objective()
    {
        var sums = new EvaluationSums(Objective.Shape, EvaluationKind.Gradient) { NonFinite = true };

        Assert.Equal(double.PositiveInfinity, Objective.Of(sums, new double[Objective.Shape.ParameterCount]).Value);
    }
}
