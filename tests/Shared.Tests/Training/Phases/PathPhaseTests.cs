using DistTrain.Shared.Tests.Testing;
using DistTrain.Training;
using Xunit.Abstractions;

namespace DistTrain.Shared.Tests.Training.Phases;

/// <summary>Lists of penalties.</summary>
public sealed class PathPhaseTests(ITestOutputHelper output)
{
    static readonly PlainProblem All = PlainProblem.Random(seed: 3, rowCount: 160, featureCount: 12, classCount: 3);

    static readonly PlainProblem Plain = new(All.Features[..80], All.Labels[..80], 3);

    static readonly SlowEvaluator Evaluator = new(Plain, new PlainProblem(All.Features[80..], All.Labels[80..], 3));

    static readonly TrainingOptions Walking = new() { L2Path = [1e-4, 1e-1, 1e-3, 1e-2], Tolerance = 1e-7 };

    static TrainingTrace Train(TrainingOptions options) => TrainingTrace.Of(Trainer.Start(Evaluator.Manifest, options), Evaluator.Answer);

    [Fact]
    public void Each_point_of_a_path_is_what_training_with_its_penalty_alone_finds()
    {
        var path = Train(Walking).Result.Path;

        Assert.Equal([1e-1, 1e-2, 1e-3, 1e-4], path.Select(point => point.L2));
        foreach (var point in path)
        {
            var alone = Train(Walking with { L2Path = [], L2 = point.L2 }).Result;
            Assert.Equal(StoppedBy.Tolerance, point.StoppedBy);
            Assert.Equal(alone.Objective, point.Objective!.Value, 1e-9);
            Assert.Equal(alone.Validation!.LogLoss!.Value, point.LogLoss, 1e-4);
            Assert.Equal(NewtonSolver.Solve(Plain, point.L2).Objective, point.Objective!.Value, 1e-9);
        }
    }

    [Fact]
    public void Warm_starts_save_evaluations()
    {
        double[] fine = [.. Enumerable.Range(0, 9).Select(i => Math.Pow(10, -1 - i / 4.0))];

        var path = Train(Walking with { L2Path = [.. fine] }).Result;
        var alone = fine.Sum(l2 => Train(Walking with { L2Path = [], L2 = l2 }).Result.Evaluations);

        output.WriteLine($"{path.Evaluations} evaluations in place of {alone}");
        Assert.True(path.Evaluations < 0.9 * alone, $"{path.Evaluations} evaluations in place of {alone}");
    }

    [Fact]
    public void The_model_is_that_of_the_least_validation_log_loss_and_everything_is_counted()
    {
        var trace = Train(Walking);

        var (result, path) = (trace.Result, trace.Result.Path);
        var chosen = Assert.Single(path, point => point.IsChosen);
        Assert.Equal(path.Min(point => point.LogLoss), chosen.LogLoss);
        Assert.NotEqual(path[0], chosen);
        Assert.NotEqual(path[^1], chosen);
        Assert.Equal((chosen.L2, chosen.LogLoss, chosen.StoppedBy), (result.L2, result.Validation!.LogLoss, result.StoppedBy));
        Assert.Equal(NewtonSolver.Solve(Plain, chosen.L2).Objective, result.Objective, 1e-9);
        Assert.True(result.SuboptimalityBound < 1e-8);
        Assert.Equal((path.Sum(point => point.Steps), path.Sum(point => point.Evaluations)), (result.Steps, result.Evaluations));
        Assert.Equal(
            path.Select(point => point with { IsChosen = false }), trace.Notices.OfType<PathPointNotice>().Select(notice => notice.Point));
        Assert.Equal(trace.Steps.Select(step => step.Evaluations).Order(), trace.Steps.Select(step => step.Evaluations));
        Assert.Equal(result.Steps, trace.Steps[^1].Step);
    }

    [Fact]
    public void Of_equal_log_losses_the_larger_penalty_is_taken()
    {
        var result = Train(Walking with { MaxSteps = 0 }).Result; // Nowhere is a step taken: all points are the same.

        Assert.Equal(1e-1, result.L2);
        Assert.Equal([true, false, false, false], result.Path.Select(point => point.IsChosen));
        Assert.Equal((0, 4), (result.Steps, result.Evaluations));
    }

    [Fact]
    public void Limits_hold_for_each_penalty()
    {
        var result = Train(Walking with { MaxSteps = 2 }).Result;

        Assert.All(result.Path, point => Assert.Equal((2, StoppedBy.Steps), (point.Steps, point.StoppedBy)));
        Assert.Equal((StoppedBy.Steps, 8), (result.StoppedBy, result.Steps));
    }

    [Fact]
    public void Minibatches_walk_a_path_too()
    {
        var options = Walking with { Optimizer = OptimizerKind.Adam, Epochs = 4, BatchSize = 30 };

        var result = Train(options).Result;

        Assert.Equal((StoppedBy.Epochs, 4 * 4.0), (result.StoppedBy, result.Epochs));
        Assert.All(result.Path, point => Assert.Null(point.Objective));
        Assert.Equal(result.Path.Min(point => point.LogLoss), result.Validation!.LogLoss);
    }

    [Fact]
    public void Patience_holds_for_each_penalty_and_gives_its_best_point()
    {
        var trace = Train(Walking with { L2Path = [1e-6, 1e-7], Patience = 2, Tolerance = 1e-9 });

        var judged = trace.Notices.TakeWhile(notice => notice is not PathPointNotice).OfType<ValidationWatchedNotice>();
        Assert.Equal(StoppedBy.Patience, trace.Result.Path[0].StoppedBy);
        Assert.Equal(judged.Min(notice => notice.LogLoss), trace.Result.Path[0].LogLoss);
        Assert.Equal(trace.Result.Path.Min(point => point.LogLoss), trace.Result.Validation!.LogLoss);
    }
}
