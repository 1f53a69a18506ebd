using DistTrain.Learning;
using DistTrain.Shared.Tests.Testing;
using DistTrain.Training;

namespace DistTrain.Shared.Tests.Learning;

public sealed class CertificateTests
{
    static (double Value, double Bound, CertificateMix Mix) At(SlowEvaluator evaluator, double l2, double[] point) =>
        At(evaluator, Penalty.Of(evaluator.Statistics, l2), point);

    /// <summary>F and the bound at any point.</summary>
    static (double Value, double Bound, CertificateMix Mix) At(SlowEvaluator evaluator, Penalty penalty, double[] point)
    {
        var objective = new PenalizedObjective(evaluator.Statistics, penalty);
        var parameters = new Parameters(objective.Shape, point);
        var closing = evaluator.Answer(new Question(new EvaluationRequest(EvaluationKind.Closing), parameters, 0));
        var value = objective.Of(closing, point).Value;
        var certificate = new Certificate(evaluator.Statistics, objective, closing, value);
        var entropies = evaluator.Answer(
            new Question(new EvaluationRequest(EvaluationKind.Entropy, Mix: certificate.Mix), parameters, 0));
        return (value, certificate.Bound(entropies), certificate.Mix);
    }

    /// <summary>Of L-BFGS and Adam; at the end of L-BFGS it is tight.</summary>
    static void AssertNeverBelowTheGap(PlainProblem problem, TrainingOptions options)
    {
        var (evaluator, optimum) = (new SlowEvaluator(problem), NewtonSolver.Solve(problem, options.L2).Objective);
        foreach (var optimizer in new[] { OptimizerKind.Lbfgs, OptimizerKind.Adam })
        {
            var trace = TrainingTrace.Of(
                Trainer.Start(
                    evaluator.Manifest, options with { Optimizer = optimizer, Tolerance = 1e-7, BatchSize = 20, LearningRate = 0.1 }),
                evaluator.Answer);
            foreach (var question in trace.Questions)
            {
                var (value, bound, _) = At(evaluator, options.L2, question.Parameters.Values);
                Assert.True(bound >= value - optimum, $"{optimizer}, version {question.Version}: {bound:E3} < {value - optimum:E3}");
                Assert.InRange(bound, 0, value);
            }
            if (optimizer == OptimizerKind.Lbfgs) Assert.InRange(trace.Result.SuboptimalityBound!.Value, 0, 1e-9 * optimum);
        }
    }

    [Theory]
    [InlineData(2, 1e-3, false)]
    [InlineData(3, 1e-1, true)]
    [InlineData(3, 1e-4, true)]
    [InlineData(6, 1e-2, false)]
    public void It_is_never_below_the_true_gap_at_any_iterate_and_tight_at_the_end(int classCount, double l2, bool isWeighted)
    {
        var problem = PlainProblem.Random(seed: 9, rowCount: 120, featureCount: 3, classCount, isWeighted: isWeighted);
        AssertNeverBelowTheGap(problem, new TrainingOptions { L2 = l2 });
    }

    [Theory]
    [InlineData(2, 1e-3, 0.3, false)]
    [InlineData(3, 1e-2, 0, true)]
    [InlineData(3, 1e-3, 0.3, true)]
    [InlineData(5, 1e-2, 0.1, true)]
    public void With_smoothed_labels_and_class_weights_it_is_never_below_the_true_gap_either(
        int classCount, double l2, double smoothing, bool hasClassWeights)
    {
        var weights = hasClassWeights
            ? ClassWeighting.Given([.. Enumerable.Range(0, classCount).Select(k => 0.5 + 2 * k)])
            : ClassWeighting.None;
        var problem = PlainProblem.Random(seed: 10, rowCount: 120, featureCount: 3, classCount, isWeighted: true);
        var options = new TrainingOptions { L2 = l2, LabelSmoothing = smoothing, ClassWeights = weights };
        AssertNeverBelowTheGap(problem with { Targets = options.TargetsOf(problem.Manifest()) }, options);
    }

    public static TheoryData<double, double, bool, double[]> Penalties => new()
    {
        { 1e-3, 1e-3, false, [] },
        { 1e-5, 1e-2, true, [] },
        { 0, 1e-2, false, [] },
        { 0, 1e-4, true, [] },
        { 0, 1, false, [] },
        { 1e-2, 1e-3, true, [2, 0.5, 1, 3] },
        { 1e-2, 1e-2, false, [0.1, 10, 1, 1] },
    };

    [Theory, MemberData(nameof(Penalties))]
    public void With_L1_it_is_never_below_the_true_gap_at_any_iterate_of_any_optimizer(
        double l2, double l1, bool isStandardized, double[] factors)
    {
        var problem = PlainProblem.Random(seed: 4, rowCount: 100, featureCount: 4, classCount: 3, d => d == 0 ? 20 : 1, isWeighted: true) with
        {
            Targets = isStandardized ? new Targets(0.1, [0.5, 1, 2]) : Targets.Plain,
        };
        var evaluator = new SlowEvaluator(problem);
        var penalty = Penalty.Of(evaluator.Statistics, l2, l1, isStandardized, factors);
        var optimum = ProximalSolver.Solve(problem, new(penalty.L2, penalty.L1)).Objective;
        foreach (var optimizer in new[] { OptimizerKind.Lbfgs, OptimizerKind.Gd })
        {
            var options = new TrainingOptions
            {
                L2 = l2,
                L1 = l1,
                Standardize = isStandardized,
                PenaltyFactors = [.. factors],
                Optimizer = optimizer,
                ClassWeights = isStandardized ? ClassWeighting.Given(problem.Targets.ClassWeights) : ClassWeighting.None,
                LabelSmoothing = problem.Targets.LabelSmoothing,
                Tolerance = 1e-7,
                MaxSteps = 60,
            };
            var trace = TrainingTrace.Of(Trainer.Start(evaluator.Manifest, options), evaluator.Answer);
            foreach (var question in trace.Questions)
            {
                var (value, bound, mix) = At(evaluator, penalty, question.Parameters.Values);
                Assert.True(bound >= value - optimum, $"{optimizer}, version {question.Version}: {bound:E3} < {value - optimum:E3}");
                Assert.InRange(mix.Observed, 0, 1);
            }
            if (optimizer == OptimizerKind.Lbfgs) Assert.InRange(trace.Result.SuboptimalityBound!.Value, 0, 1e-4 * optimum);
        }
    }

    [Fact]
    public void A_constant_column_without_penalty_takes_nothing_from_the_bound()
    {
        var problem = new PlainProblem([[1, .1, .2], [1, .6, .1], [1, .2, .8]], [2, 0, 1], 3);
        var evaluator = new SlowEvaluator(problem);

        var (value, bound, _) = At(evaluator, Penalty.Of(evaluator.Statistics, 1e-2, 0, false, [0, 1, 1]), [.. new double[9], 0, 0, 0]);

        Assert.InRange(bound, 1e-3, value);
    }

    [Fact]
    public void Near_the_optimum_it_is_within_a_factor_of_the_true_gap()
    {
        var problem = PlainProblem.Random(seed: 2, rowCount: 100, featureCount: 3, classCount: 3);
        var optimum = NewtonSolver.Solve(problem, 0.1);

        var near = optimum.Values.Select((x, i) => x + 1e-4 * (i % 2 == 0 ? 1 : -1)).ToArray();
        var (value, bound, _) = At(new SlowEvaluator(problem), 0.1, near);

        Assert.InRange(bound / (value - optimum.Objective), 1, 10);
    }

    [Fact]
    public void At_the_optimum_it_is_the_floor()
    {
        var problem = PlainProblem.ThreeClassToy;
        var optimum = NewtonSolver.Solve(problem, 1e-2);

        var (value, bound, _) = At(new SlowEvaluator(problem), 1e-2, optimum.Values);

        Assert.Equal(Certificate.Floor * value, bound);
    }

    [Fact]
    public void Surplus_probability_moves_to_the_classes_that_lack_it()
    {
        // Three rows, one of each class; predicted (½, ⅓, ⅙) everywhere: class 0 has half a row too much, class 2 lacks it.
        double[] probabilities = [1 / 2.0, 1 / 3.0, 1 / 6.0];
        var intercepts = probabilities.Select(p => Math.Log(p));

        var (_, _, mix) = At(new SlowEvaluator(PlainProblem.ThreeClassToy), 1e-2, [.. new double[9], .. intercepts]);

        Assert.Equal(1 / 3.0, mix.Given[0], 1e-15); // of ½, to keep ⅓
        Assert.Equal(0, mix.Given[2]);
        Assert.Equal(1, mix.Received[2], 1e-12);
        mix.Apply(probabilities, 0, Targets.Plain, probabilities);
        Assert.All(probabilities, p => Assert.Equal(1 / 3.0, p, 1e-15));
    }

    [Fact]
    public void At_the_start_the_class_means_match_and_nothing_moves()
    {
        var evaluator = new SlowEvaluator(PlainProblem.BinaryToy);
        var start = new PenalizedObjective(evaluator.Statistics, Penalty.Of(evaluator.Statistics, 1e-2)).StartingPoint();

        var (value, bound, mix) = At(evaluator, 1e-2, start.Values);

        Assert.All(mix.Given, given => Assert.Equal(0, given, 1e-15));
        Assert.InRange(bound, value - NewtonSolver.Solve(PlainProblem.BinaryToy, 1e-2).Objective, value);
    }

    [Fact]
    public void Without_a_penalty_there_is_none()
    {
        var statistics = new SlowEvaluator(PlainProblem.BinaryToy).Statistics;
        var objective = new PenalizedObjective(statistics, Penalty.Of(statistics, l2: 0));
        var sums = new EvaluationSums(objective.Shape, EvaluationKind.Closing);

        var error = Assert.Throws<ArgumentException>(() => new Certificate(statistics, objective, sums, 1));

        Assert.StartsWith("There is no certificate where a feature has no penalty.", error.Message, StringComparison.Ordinal);
    }
}
