using DistTrain.Learning;
using DistTrain.Shared.Tests.Testing;
using DistTrain.Training;

namespace DistTrain.Shared.Tests.Training;

public sealed class TrainerTests
{
    static readonly PlainProblem Plain = PlainProblem.Random(seed: 7, rowCount: 300, featureCount: 4, classCount: 3);

    public static TheoryData<int, double, bool, bool> Problems()
    {
        var data = new TheoryData<int, double, bool, bool>();
        foreach (var (classCount, l2) in new[] { (2, 1e-2), (3, 1e-4), (3, 10), (5, 1e-8), (10, 1e-3) })
        {
            foreach (var isWeighted in new[] { false, true })
            {
                data.Add(classCount, l2, isWeighted, false);
                data.Add(classCount, l2, isWeighted, true);
            }
        }
        return data;
    }

    [Theory, MemberData(nameof(Problems))]
    public void Lbfgs_finds_the_optimum_of_the_independent_solver(int classCount, double l2, bool isWeighted, bool isBadlyScaled)
    {
        var problem = PlainProblem.Random(
            seed: 7, rowCount: 200, featureCount: 4, classCount, d => !isBadlyScaled ? 1 : d == 0 ? 1e3 : d == 1 ? 1e-3 : 1, isWeighted);
        var optimum = NewtonSolver.Solve(problem, l2);

        var trace = TrainingTrace.Of(problem, new TrainingOptions { L2 = l2, Tolerance = 1e-7 });

        Assert.Equal(StoppedBy.Tolerance, trace.Result.StoppedBy);
        Assert.InRange(trace.Result.Objective / optimum.Objective - 1, -1e-13, 1e-9);
        Assert.True(trace.Result.SuboptimalityBound >= trace.Result.Objective - optimum.Objective);
        Assert.InRange(trace.Result.Evaluations, 2, 60);
        AssertNeverIncreases(trace.Steps);
        AssertClassesSumToZero(trace.Result.Parameters);
    }

    public static TheoryData<int, double, bool> Targets()
    {
        var data = new TheoryData<int, double, bool>();
        foreach (var classCount in new[] { 2, 3, 5, 11 })
        {
            data.Add(classCount, 0.3, false);
            data.Add(classCount, 0, true);
            data.Add(classCount, 0.3, true);
        }
        return data;
    }

    [Theory, MemberData(nameof(Targets))]
    public void Smoothed_labels_and_class_weights_train_to_the_optimum_of_the_independent_solver(
        int classCount, double smoothing, bool hasClassWeights)
    {
        var problem = PlainProblem.Random(seed: 8, rowCount: 200, featureCount: 3, classCount, isWeighted: true);
        var options = new TrainingOptions
        {
            L2 = 1e-3,
            Tolerance = 1e-7,
            LabelSmoothing = smoothing,
            ClassWeights = hasClassWeights ? ClassWeighting.Given([.. Enumerable.Range(0, classCount).Select(k => 0.25 + k)]) : ClassWeighting.None,
        };
        var optimum = NewtonSolver.Solve(problem with { Targets = options.TargetsOf(problem.Manifest()) }, options.L2);

        var trace = TrainingTrace.Of(problem, options);

        Assert.Equal(StoppedBy.Tolerance, trace.Result.StoppedBy);
        Assert.InRange(trace.Result.Objective / optimum.Objective - 1, -1e-13, 1e-9);
        Assert.True(trace.Result.SuboptimalityBound >= trace.Result.Objective - optimum.Objective);
        AssertNeverIncreases(trace.Steps);
        AssertClassesSumToZero(trace.Result.Parameters);
    }

    [Theory, InlineData(2), InlineData(3), InlineData(5)]
    public void Class_weights_train_the_model_of_multiplied_example_weights(int classCount)
    {
        double[] factors = [.. Enumerable.Range(0, classCount).Select(k => 0.5 + k)];
        var problem = PlainProblem.Random(seed: 12, rowCount: 200, featureCount: 3, classCount, isWeighted: true);
        var multiplied = problem with { Weights = [.. problem.Weights.Zip(problem.Labels, (w, label) => w * factors[label])] };
        var options = new TrainingOptions { L2 = 1e-3, Tolerance = 1e-9 };

        var weighted = TrainingTrace.Of(problem, options with { ClassWeights = ClassWeighting.Given([.. factors]) }).Result;
        var expected = TrainingTrace.Of(multiplied, options).Result;

        Assert.InRange(weighted.Objective / expected.Objective - 1, -1e-12, 1e-12);
        Assert.All(weighted.Parameters.Values.Zip(expected.Parameters.Values), pair => Assert.Equal(pair.Second, pair.First, 1e-7));
        Assert.Equal(problem.Weights.Sum(), weighted.Training.WeightSum, 1e-9);
        Assert.NotEqual(expected.Training.LogLoss!.Value, weighted.Training.LogLoss!.Value, 1e-3);
    }

    [Fact]
    public void Smoothed_labels_are_never_separated()
    {
        var options = new TrainingOptions { L2 = 0, LabelSmoothing = 0.1 };

        var result = TrainingTrace.Of(PlainProblem.BinaryToy, options).Result;

        Assert.Null(result.Separation);
        Assert.True(result.Converged);
        Assert.NotNull(TrainingTrace.Of(PlainProblem.BinaryToy, options with { LabelSmoothing = 0 }).Result.Separation);
    }

    [Theory, InlineData(-0.1), InlineData(1.0), InlineData(double.NaN)]
    public void A_smoothing_that_is_no_share_is_refused(double smoothing)
    {
        var problem = Assert.Single(new TrainingOptions { LabelSmoothing = smoothing }.Problems());

        Assert.Equal("DT3001", problem.Code);
        Assert.Equal(FormattableString.Invariant($"--label-smoothing is {smoothing}"), problem.Message);
        Assert.Equal(["expected: a number of at least 0 and below 1"], problem.Details);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void The_toy_sets_train_to_their_optimum(int classCount)
    {
        var problem = classCount == 2 ? PlainProblem.BinaryToy : PlainProblem.ThreeClassToy;
        var optimum = NewtonSolver.Solve(problem, 1e-2);

        var result = TrainingTrace.Of(problem, new TrainingOptions { L2 = 1e-2, Tolerance = 1e-7 }).Result;

        Assert.True(result.Converged);
        Assert.Equal(optimum.Objective, result.Objective, 1e-12);
        Assert.All(result.Parameters.Values.Zip(optimum.Values), pair => Assert.Equal(pair.Second, pair.First, 1e-5));
        Assert.Equal(1, result.Training.Accuracy);
        Assert.InRange(result.SuboptimalityBound!.Value, 0, 1e-11);
    }

    [Theory]
    [InlineData(1e-2)]
    [InlineData(1e-8)]
    public void Separable_classes_train_as_far_as_the_penalty_lets_them(double l2)
    {
        var problem = new PlainProblem([.. Enumerable.Range(0, 30).Select(i => new[] { i - 14.5, i % 3 })],
            [.. Enumerable.Range(0, 30).Select(i => i < 15 ? 0 : 1)], 2);

        var result = TrainingTrace.Of(problem, new TrainingOptions { L2 = l2, Tolerance = 1e-8 }).Result;

        Assert.InRange(result.Objective - NewtonSolver.Solve(problem, l2).Objective, -1e-15, 1e-7);
        Assert.Equal(1, result.Training.Accuracy);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Float_noise_ends_in_precision_within_bounded_evaluations(ulong seed)
    {
        var evaluator = new SlowEvaluator(Plain);
        var options = new TrainingOptions { L2 = 1e-3, Tolerance = 1e-12 };

        var trace = TrainingTrace.Of(Trainer.Start(evaluator.Manifest, options), new NoisyEvaluator(evaluator, seed).Answer);

        Assert.True(trace.Result.StoppedBy == StoppedBy.Precision, $"seed {seed}: {trace.Result.StoppedBy}");
        Assert.False(trace.Result.Converged);
        Assert.InRange(trace.Result.Evaluations, 5, 150);
        Assert.InRange(trace.Result.GradientMax, 0, 2e-7);
        Assert.InRange(trace.Result.Objective - NewtonSolver.Solve(Plain, 1e-3).Objective, -1e-14, 1e-11);
    }

    [Fact]
    public void The_closing_pass_the_certificate_the_validation_and_its_ranking_follow_in_this_order()
    {
        var validation = new PlainProblem(Plain.Features[..50], Plain.Labels[..50], 3);
        var evaluator = new SlowEvaluator(Plain, validation);

        var trace = TrainingTrace.Of(Trainer.Start(evaluator.Manifest, new TrainingOptions()), evaluator.Answer);

        var kinds = trace.Questions.Select(question => question.Request.Kind).ToArray();
        Assert.Equal([EvaluationKind.Closing, EvaluationKind.Entropy, EvaluationKind.Metrics, EvaluationKind.Ranking], kinds[^4..]);
        Assert.All(kinds[..^4], kind => Assert.Equal(EvaluationKind.Gradient, kind));
        Assert.Equal(kinds.Length - 4, trace.Result.Evaluations);
        Assert.Equal(trace.Result.Evaluations, trace.Result.Epochs);
        Assert.Equal(Enumerable.Range(1, kinds.Length - 3).Select(i => (long)i), trace.Questions.Select(q => q.Version).Distinct());
        Assert.Equal(Enumerable.Range(0, trace.Result.Steps + 1), trace.Steps.Select(step => step.Step));
        Assert.Equal((300, 50), (trace.Result.Training.Examples, trace.Result.Validation!.Examples));
        Assert.InRange(trace.Result.Validation.Accuracy, 0.4, 1);
    }

    [Fact]
    public void Without_penalty_there_is_no_certificate_and_without_validation_rows_no_validation()
    {
        var trace = TrainingTrace.Of(Plain, new TrainingOptions { L2 = 0 });

        Assert.Null(trace.Result.SuboptimalityBound);
        Assert.Null(trace.Result.Validation);
        Assert.Equal(EvaluationKind.Closing, trace.Questions[^1].Request.Kind);
        Assert.True(trace.Result.Converged);
    }

    [Fact]
    public void The_closing_pass_is_at_the_numbers_of_the_model_file()
    {
        var problem = Plain with { Centers = [1990.25f, -3.5f, 0, 0.1f] };

        var trace = TrainingTrace.Of(problem, new TrainingOptions());

        var model = Centering.ToModel(trace.Result.Parameters, problem.Centers);
        Assert.Equal(trace.Questions[^1].Parameters.Values, Centering.FromModel(model, problem.Centers).Values);
        Assert.Equal(trace.Questions[^1].Parameters.Values, trace.Result.Parameters.Values);
        Assert.Equal(
            NewtonSolver.Objective(problem, new TrainingOptions().L2, trace.Result.Parameters.Values), trace.Result.Objective, 1e-14);
    }

    [Fact]
    public void No_steps_at_all_give_the_starting_point()
    {
        foreach (var optimizer in Enum.GetValues<OptimizerKind>())
        {
            var result = TrainingTrace.Of(Plain, new TrainingOptions { Optimizer = optimizer, MaxSteps = 0 }).Result;

            Assert.Equal((StoppedBy.Steps, 0), (result.StoppedBy, result.Steps));
            Assert.All(result.Parameters.Weights.ToArray(), weight => Assert.Equal(0, weight));
            Assert.Equal(result.Training.MajorityAccuracy, result.Training.Accuracy);
        }
    }

    [Fact]
    public void A_limit_on_steps_holds()
    {
        var result = TrainingTrace.Of(Plain, new TrainingOptions { MaxSteps = 3, Tolerance = 0 }).Result;

        Assert.Equal((StoppedBy.Steps, 3), (result.StoppedBy, result.Steps));
        Assert.False(result.Converged);
    }

    [Fact]
    public void Repeating_a_run_repeats_its_bits_and_shards_do_not_matter()
    {
        var whole = TrainingTrace.Of(Plain, new TrainingOptions()).Result;
        var evaluator = new SlowEvaluator(Plain, null, 17, 200, 0, 83);

        var cut = TrainingTrace.Of(Trainer.Start(evaluator.Manifest, new TrainingOptions()), evaluator.Answer).Result;

        Assert.Equal(whole.Parameters.Values, cut.Parameters.Values);
        Assert.Equal(whole.Objective, cut.Objective);
        Assert.Equal(whole.SuboptimalityBound, cut.SuboptimalityBound);
    }

    [Fact]
    public void An_old_trainer_told_again_gives_the_same_answer()
    {
        var evaluator = new SlowEvaluator(Plain);
        var answers = new List<TrainerAnswer> { Trainer.Start(evaluator.Manifest, new TrainingOptions()) };
        while (answers[^1].Question is { } question) answers.Add(answers[^1].Trainer.Tell(evaluator.Answer(question)));

        for (var i = answers.Count - 2; i >= 0; i--)
        {
            var again = answers[i].Trainer.Tell(evaluator.Answer(answers[i].Question!));
            Assert.Equal(answers[i + 1].Question?.Parameters.Values, again.Question?.Parameters.Values);
            Assert.Equal(answers[i + 1].Question?.Version, again.Question?.Version);
            Assert.Equal(answers[i + 1].Steps.AsEnumerable(), again.Steps);
        }
    }

    [Theory]
    [InlineData(1e-3, 0)]
    [InlineData(1e-3, 1e-2)]
    public void Standardised_the_units_of_columns_do_not_matter(double l2, double l1)
    {
        double[] units = [1024, 1, 1.0 / 1024, 8]; // Powers of two: the same digits.
        var scaled = Plain with { Features = [.. Plain.Features.Select(row => row.Zip(units, (x, unit) => x * unit).ToArray())] };
        var options = new TrainingOptions { L2 = l2, L1 = l1, Standardize = true, Tolerance = 1e-9 };

        var (expected, actual) = (TrainingTrace.Of(Plain, options).Result, TrainingTrace.Of(scaled, options).Result);

        Assert.Equal(expected.Objective, actual.Objective, 1e-9);
        for (var k = 0; k < 3; k++)
        {
            for (var d = 0; d < 4; d++)
                Assert.Equal(expected.Parameters.WeightsOf(k)[d], actual.Parameters.WeightsOf(k)[d] * units[d], 1e-4);
        }
    }

    [Fact]
    public void Every_optimizer_leaves_a_constant_column_without_weights()
    {
        var problem = new PlainProblem([.. Plain.Features.Select(row => (double[])[row[0], 7, row[1]])], Plain.Labels, 3);
        foreach (var optimizer in Enum.GetValues<OptimizerKind>())
        {
            var options = new TrainingOptions { Optimizer = optimizer, L2 = 0, MaxSteps = 30, BatchSize = 100, PenaltyFactors = [1, 0, 1] };

            var result = TrainingTrace.Of(problem, options).Result;

            Assert.All(Enumerable.Range(0, 3), k => Assert.Equal(0, result.Parameters.WeightsOf(k)[1]));
            Assert.InRange(result.Objective, 0, 1.05);
        }
    }

    static void AssertNeverIncreases(List<StepSummary> steps) =>
        Assert.All(steps.Zip(steps.Skip(1)), pair =>
            Assert.True(pair.Second.Objective <= pair.First.Objective * (1 + 1e-12), $"step {pair.Second.Step}"));

    static void AssertClassesSumToZero(Parameters parameters)
    {
        for (var d = 0; d < parameters.Shape.FeatureCount; d++)
        {
            double[] weights = [.. Enumerable.Range(0, parameters.Shape.ClassCount).Select(k => parameters.WeightsOf(k)[d])];
            var largest = weights.Max(Math.Abs);
            // Each weight is rounded once; of weights in the hundreds one unit in the last place is 1e-13 by itself.
            Assert.Equal(0, weights.Sum(), Math.Max(1e-13, weights.Length * (Math.BitIncrement(largest) - largest)));
        }
        Assert.Equal(0, parameters.Intercepts.ToArray().Sum(), 1e-12);
    }

    [Fact]
    public void Threads_of_the_optimiser_change_no_bit()
    {
        var problem = PlainProblem.Random(seed: 24, rowCount: 6, featureCount: 70_000, classCount: 2, d => 1 + d % 3, isWeighted: true);
        var evaluator = new SlowEvaluator(problem);
        var options = new TrainingOptions { L2 = 1e-2, MaxSteps = 3 };
        var alone = TrainingTrace.Of(Trainer.Start(evaluator.Manifest, options), evaluator.Answer).Result;
        var together = TrainingTrace.Of(Trainer.Start(evaluator.Manifest, options, parallel: new BackwardsFor()), evaluator.Answer).Result;
        Assert.Equal(alone.Parameters.Values, together.Parameters.Values);
        Assert.Equal(alone.Objective, together.Objective);
        Assert.Equal(alone.GradientMax, together.GradientMax);
    }
}
