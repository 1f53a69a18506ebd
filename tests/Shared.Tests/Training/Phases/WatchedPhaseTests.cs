using DistTrain.Data.Storage;
using DistTrain.Learning;
using DistTrain.Shared.Tests.Testing;
using DistTrain.Training;

namespace DistTrain.Shared.Tests.Training.Phases;

/// <summary>Runs that are judged by their validation part on the way.</summary>
public sealed class WatchedPhaseTests
{
    /// <summary>Few rows with many columns of noise: what fits them best does not fit others.</summary>
    static readonly PlainProblem Overfitting = PlainProblem.Random(seed: 3, rowCount: 60, featureCount: 20, classCount: 3);

    static readonly SlowEvaluator Evaluator =
        new(Overfitting, PlainProblem.Random(seed: 4, rowCount: 60, featureCount: 20, classCount: 3));

    static readonly TrainingOptions Watching = new() { L2 = 1e-6, Tolerance = 1e-9, Patience = 4 };

    static TrainingTrace Train(TrainingOptions options) => TrainingTrace.Of(Trainer.Start(Evaluator.Manifest, options), Evaluator.Answer);

    static List<ValidationWatchedNotice> Watched(TrainingTrace trace) => [.. trace.Notices.OfType<ValidationWatchedNotice>()];

    [Fact]
    public void A_run_ends_when_so_many_steps_were_no_better_and_keeps_the_best_point()
    {
        var trace = Train(Watching);

        var watched = Watched(trace);
        var best = watched.MinBy(notice => notice.LogLoss)!;
        Assert.Equal(StoppedBy.Patience, trace.Result.StoppedBy);
        Assert.False(trace.Result.Converged);
        Assert.Equal(Enumerable.Range(0, best.Step + 5), watched.Select(notice => notice.Step));
        Assert.Equal(best.LogLoss, trace.Result.Validation!.LogLoss);
        Assert.Equal(best, watched.Last(notice => notice.IsBest));
        Assert.Equal(best.Step + 4, trace.Result.Steps);
    }

    [Fact]
    public void Each_step_is_judged_once_at_the_numbers_that_a_model_of_it_would_have()
    {
        var trace = Train(Watching with { MaxSteps = 3, Patience = 100 });

        var kinds = trace.Questions.Select(question => question.Request.Kind).ToList();
        Assert.Equal(trace.Steps.Count, kinds.Count(kind => kind == EvaluationKind.Metrics) - 1); // The last is the closing pass's.
        Assert.All(
            trace.Questions.Where(question => question.Request.Kind == EvaluationKind.Metrics),
            question => Assert.Equal(DatasetPart.Validation, question.Request.Part));
        Assert.Equal(trace.Questions.Select(q => q.Version).Order(), trace.Questions.Select(q => q.Version));
    }

    [Theory]
    [InlineData(6)]
    [InlineData(12)]
    public void A_limit_on_steps_ends_with_the_best_point_so_far(int maxSteps)
    {
        var trace = Train(Watching with { MaxSteps = maxSteps, Patience = 1000 });

        Assert.Equal((StoppedBy.Steps, maxSteps), (trace.Result.StoppedBy, trace.Result.Steps));
        Assert.Equal(Watched(trace).Min(notice => notice.LogLoss), trace.Result.Validation!.LogLoss);
    }

    [Fact]
    public void A_run_that_converges_keeps_its_optimum_though_another_point_was_better()
    {
        var options = Watching with { L2 = 1e-2, Tolerance = 1e-6 };

        var (plain, watching) = (Train(options with { Patience = null }), Train(options with { Patience = 1000 }));

        Assert.Equal(StoppedBy.Tolerance, watching.Result.StoppedBy);
        Assert.Equal(plain.Result.Parameters.Values, watching.Result.Parameters.Values);
        Assert.Equal((plain.Result.Steps, plain.Result.Evaluations), (watching.Result.Steps, watching.Result.Evaluations));
        Assert.True(Watched(watching).Min(notice => notice.LogLoss) < watching.Result.Validation!.LogLoss);
    }

    [Fact]
    public void Minibatches_are_judged_at_the_end_of_each_epoch()
    {
        var options = Watching with { Optimizer = OptimizerKind.Adam, LearningRate = 0.3, BatchSize = 20, Epochs = 200, Patience = 3 };

        var trace = Train(options);

        var watched = Watched(trace);
        Assert.Equal(StoppedBy.Patience, trace.Result.StoppedBy);
        Assert.Equal(Enumerable.Range(1, watched.Count).Select(epoch => (double)epoch), watched.Select(notice => notice.Epochs));
        Assert.Equal(Enumerable.Range(1, watched.Count).Select(epoch => 3 * epoch), watched.Select(notice => notice.Step));
        Assert.Equal(3, watched.Count - 1 - watched.FindLastIndex(notice => notice.IsBest));
        Assert.Equal(watched.Min(notice => notice.LogLoss), trace.Result.Validation!.LogLoss);
    }

    [Fact]
    public void A_patience_of_1_ends_at_the_first_step_that_is_no_better()
    {
        var watched = Watched(Train(Watching with { Patience = 1 }));

        Assert.All(watched.SkipLast(1), notice => Assert.True(notice.IsBest));
        Assert.False(watched[^1].IsBest);
    }
}
