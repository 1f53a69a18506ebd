using DistTrain.Shared.Tests.Testing;
using DistTrain.Training;

namespace DistTrain.Shared.Tests.Training;

public sealed class CrossValidationTests
{
    [Fact]
    public void Mean_and_deviation_are_those_of_a_sample()
    {
        var spread = Spread.Of([2, 4, 9]);

        Assert.Equal(5, spread.Mean);
        Assert.Equal(Math.Sqrt((9 + 1 + 16) / 2.0), spread.Deviation, 1e-15);
    }

    [Fact]
    public void The_penalty_of_the_least_mean_log_loss_is_chosen()
    {
        var folds = new[] { Fold((1, 0.5), (0.1, 0.4), (0.01, 0.1)), Fold((1, 0.5), (0.1, 0.3), (0.01, 0.9)) };

        var summary = CrossValidation.Of(folds);

        Assert.Equal([1, 0.1, 0.01], summary.Penalties.Select(scores => scores.L2));
        Assert.Equal([0.5, 0.35, 0.5], summary.Penalties.Select(scores => scores.LogLoss.Mean));
        Assert.Equal(0.1, summary.Chosen.L2);
        Assert.Equal([0.4, 0.3], summary.Chosen.Folds.Select(fold => fold.LogLoss));
    }

    [Fact]
    public void Of_equal_means_the_larger_penalty_is_chosen() =>
        Assert.Equal(1, CrossValidation.Of([Fold((1, 0.5), (0.1, 0.5)), Fold((1, 0.25), (0.1, 0.25))]).Chosen.L2);

    [Fact]
    public void Penalties_that_some_fold_did_not_come_to_do_not_count()
    {
        var summary = CrossValidation.Of([Fold((1, 0.5), (0.1, 0.4), (0.01, 0.1)), Fold((1, 0.5), (0.1, 0.3))]);

        Assert.Equal([1, 0.1], summary.Penalties.Select(scores => scores.L2));
        Assert.Equal(0.1, summary.Chosen.L2);
    }

    [Fact]
    public void Where_a_fold_came_to_none_the_first_penalty_is_taken_with_what_it_had()
    {
        var evaluator = new SlowEvaluator(PlainProblem.BinaryToy, PlainProblem.BinaryToy);
        var early = Trainer.Start(evaluator.Manifest, new TrainingOptions { L2Path = [0.01, 1] }).Trainer.Close(StoppedBy.Time);
        var result = TrainingTrace.Of(early, evaluator.Answer).Result;

        var summary = CrossValidation.Of([result, Fold((1, 0.5), (0.01, 0.4))]);

        Assert.Equal(1, Assert.Single(summary.Penalties).L2);
        Assert.Equal([result.Validation!.LogLoss!.Value, 0.5], summary.Chosen.Folds.Select(fold => fold.LogLoss));
    }

    [Fact]
    public void Without_a_path_the_folds_scores_are_those_of_their_results()
    {
        var plain = PlainProblem.Random(seed: 5, rowCount: 60, featureCount: 3, classCount: 2);
        var evaluator = new SlowEvaluator(
            plain, plain with { Features = plain.Features[..20], Labels = plain.Labels[..20], Weights = plain.Weights[..20] });
        var result = TrainingTrace.Of(Trainer.Start(evaluator.Manifest, new TrainingOptions { L2 = 0.5 }), evaluator.Answer).Result;

        var chosen = CrossValidation.Of([result, result]).Chosen;

        Assert.Equal((0.5, result.Validation!.LogLoss, 0.0), (chosen.L2, chosen.LogLoss.Mean, chosen.LogLoss.Deviation));
        Assert.Equal((result.Validation.Accuracy, result.Validation.MacroF1), (chosen.Accuracy.Mean, chosen.MacroF1.Mean));
    }

    static TrainingResult Fold(params (double L2, double LogLoss)[] points)
    {
        var plain = PlainProblem.BinaryToy;
        return TrainingTrace.Of(plain, new TrainingOptions { MaxSteps = 0 }).Result with
        {
            Path = [.. points.Select(point => new PathPoint(point.L2, 3, 4, 4, StoppedBy.Tolerance, 0.7, point.LogLoss, 0.5, 0.4))],
        };
    }
}
