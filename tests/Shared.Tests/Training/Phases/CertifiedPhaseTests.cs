using DistTrain.Learning;
using DistTrain.Shared.Tests.Testing;
using DistTrain.Training;
using DistTrain.Training.Phases;
using Xunit.Abstractions;

namespace DistTrain.Shared.Tests.Training.Phases;

/// <summary>Runs that end when the certificate is small enough.</summary>
public sealed class CertifiedPhaseTests(ITestOutputHelper output)
{
    static readonly PlainProblem Plain = PlainProblem.Random(seed: 8, rowCount: 300, featureCount: 6, classCount: 3);

    [Theory]
    [InlineData(1e-1, 1e-3)]
    [InlineData(1e-2, 1e-4)]
    [InlineData(1e-2, 1e-8)]
    [InlineData(1e-4, 1e-5)]
    [InlineData(1e-6, 1e-3)]
    public void A_run_ends_within_the_bound_that_was_asked_for_after_few_trials(double l2, double target)
    {
        var options = new TrainingOptions { L2 = l2, Suboptimality = target, Tolerance = 0 };

        var trace = TrainingTrace.Of(Plain, options);

        var trials = trace.Notices.OfType<CertificateTriedNotice>().ToList();
        output.WriteLine(
            $"{trace.Result.Evaluations} evaluations, trials {string.Join(", ", trials.Select(t => $"{t.Step}: {t.Bound:E2}"))}");
        Assert.Equal(StoppedBy.Suboptimality, trace.Result.StoppedBy);
        Assert.True(trace.Result.Converged);
        Assert.InRange(trace.Result.SuboptimalityBound!.Value, 0, target);
        Assert.True(trace.Result.Objective - NewtonSolver.Solve(Plain, l2).Objective <= trace.Result.SuboptimalityBound);
        Assert.Equal(trials[^1].Bound, trace.Result.SuboptimalityBound);
        Assert.InRange(trials.Count, 1, 4);
        Assert.All(trials.SkipLast(1), trial => Assert.True(trial.Bound > target));
    }

    [Theory]
    [InlineData(0, 1e-2, 1e-3)]
    [InlineData(0, 1e-3, 1e-5)]
    [InlineData(1e-3, 1e-3, 1e-6)]
    public void So_does_one_with_L1(double l2, double l1, double target)
    {
        var trace = TrainingTrace.Of(Plain, new TrainingOptions { L2 = l2, L1 = l1, Suboptimality = target, Tolerance = 0 });

        var optimum = ProximalSolver.Solve(Plain, new([.. Enumerable.Repeat(l2, 6)], [.. Enumerable.Repeat(l1, 6)])).Objective;
        Assert.Equal(StoppedBy.Suboptimality, trace.Result.StoppedBy);
        Assert.InRange(trace.Result.SuboptimalityBound!.Value, trace.Result.Objective - optimum, target);
        Assert.InRange(trace.Notices.OfType<CertificateTriedNotice>().Count(), 1, 6);
    }

    [Fact]
    public void A_wide_bound_saves_evaluations()
    {
        var options = new TrainingOptions { L2 = 1e-3, Tolerance = 1e-7 };

        var (full, early) = (
            TrainingTrace.Of(Plain, options).Result, TrainingTrace.Of(Plain, options with { Suboptimality = 1e-3 }).Result);

        Assert.True(early.Evaluations < full.Evaluations, $"{early.Evaluations} of {full.Evaluations}");
    }

    [Fact]
    public void A_bound_below_what_can_be_resolved_does_not_keep_a_run_from_ending()
    {
        var evaluator = new SlowEvaluator(Plain);
        var options = new TrainingOptions { L2 = 1e-3, Tolerance = 0, Suboptimality = 1e-13 };

        var trace = TrainingTrace.Of(Trainer.Start(evaluator.Manifest, options), new NoisyEvaluator(evaluator, 1).Answer);

        Assert.Equal(StoppedBy.Precision, trace.Result.StoppedBy);
        var trials = trace.Notices.OfType<CertificateTriedNotice>().Count();
        Assert.True(trials <= trace.Result.Evaluations / 4, $"{trials} trials in {trace.Result.Evaluations} evaluations");
    }

    [Theory]
    [InlineData(4, StoppedBy.Suboptimality)]
    [InlineData(4, StoppedBy.Steps)]
    public void A_limit_met_within_the_bound_is_a_stop_by_the_certificate(int maxSteps, StoppedBy reason)
    {
        var unlimited = TrainingTrace.Of(Plain, new TrainingOptions { L2 = 1e-2, Tolerance = 0, MaxSteps = maxSteps }).Result;
        var target = reason == StoppedBy.Steps ? unlimited.SuboptimalityBound!.Value / 2 : unlimited.SuboptimalityBound!.Value;

        var result = TrainingTrace.Of(
            Plain, new TrainingOptions { L2 = 1e-2, Tolerance = 0, MaxSteps = maxSteps, Suboptimality = target }).Result;

        Assert.Equal((reason, maxSteps), (result.StoppedBy, result.Steps));
    }

    [Fact]
    public void Minibatches_are_tried_at_the_ends_of_epochs_that_double()
    {
        var options = new TrainingOptions
        {
            Optimizer = OptimizerKind.Adam,
            L2 = 1e-2,
            BatchSize = 100,
            Epochs = 20,
            Suboptimality = 1e-12,
        };

        var trace = TrainingTrace.Of(Plain, options);

        Assert.Equal(StoppedBy.Epochs, trace.Result.StoppedBy);
        Assert.Equal([3, 6, 12, 24, 48], trace.Notices.OfType<CertificateTriedNotice>().Select(notice => notice.Step));
    }

    [Fact]
    public void An_epoch_that_ends_with_a_batch_without_weight_is_a_mark_like_others()
    {
        var half = Plain with { Weights = [.. Plain.Weights.Select((_, i) => i % 2 == 0 ? 1.0 : 0)] };
        var options = new TrainingOptions { Optimizer = OptimizerKind.Sgd, L2 = 1e-2, BatchSize = 1, Epochs = 8, Suboptimality = 1e-12 };

        var trace = TrainingTrace.Of(half, options);

        int[] marks = [300, 600, 1200, 2400]; // After epochs 1, 2, 4 and 8.
        Assert.Contains(marks, mark => trace.Steps.All(step => step.Evaluations != mark));
        Assert.Equal(marks.Length, trace.Notices.OfType<CertificateTriedNotice>().Count());
    }

    [Fact]
    public void Where_losses_are_small_for_the_weight_of_one_class_the_bound_is_not_below_their_rounding()
    {
        for (var seed = 1UL; seed <= 20; seed++)
        {
            var problem = PlainProblem.Random(seed, rowCount: 40, featureCount: 2, classCount: 2);
            var options = new TrainingOptions { L2 = 1e-3, Tolerance = 0, ClassWeights = ClassWeighting.Given([1, 1e9]) };
            var runs = Enumerable.Range(1, 8).Select(steps => TrainingTrace.Of(problem, options with { MaxSteps = steps }).Result).ToList();

            var lowest = runs.Min(run => run.Objective);
            Assert.All(runs, run => Assert.True(run.Objective - lowest <= run.SuboptimalityBound, $"seed {seed}: {run.SuboptimalityBound:R}"));
        }
    }

    [Fact]
    public void Trials_wait_until_the_bound_can_have_fallen_far_enough()
    {
        static CertificateMark At(double gradientMax, int evaluations) => new(gradientMax, evaluations, evaluations);
        var first = CertificateTrials.None;

        Assert.False(first.IsWorthTrying(At(1e-2, 10), target: 1e-4, l2Min: 1e-2)); // g²/2λ = 5e-3
        Assert.True(first.IsWorthTrying(At(1e-3, 20), target: 1e-4, l2Min: 1e-2)); // 5e-5

        var failed = first.Begin(At(1e-3, 20)).End(1e-3);
        Assert.False(failed.IsWorthTrying(At(1e-9, 23), 1e-4, 1e-2)); // Too soon.
        Assert.False(failed.IsWorthTrying(At(5e-4, 24), 1e-4, 1e-2)); // 2.5e-4 expected.
        Assert.True(failed.IsWorthTrying(At(3e-4, 24), 1e-4, 1e-2)); // 9e-5 expected.
        Assert.True(failed.IsWorthTrying(At(5e-4, 40), 1e-4, 1e-2)); // As many evaluations again.
    }
}
