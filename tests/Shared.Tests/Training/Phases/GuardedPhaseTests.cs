using DistTrain.Learning.Optimizers.Minibatch;
using DistTrain.Problems;
using DistTrain.Shared.Tests.Testing;
using DistTrain.Training;
using DistTrain.Training.Phases;

namespace DistTrain.Shared.Tests.Training.Phases;

/// <summary>Objectives that grow instead of falling.</summary>
public sealed class GuardedPhaseTests
{
    static readonly PlainProblem Plain = PlainProblem.Random(seed: 8, rowCount: 100, featureCount: 4, classCount: 3);

    static readonly TrainingOptions Sgd = new()
    {
        Optimizer = OptimizerKind.Sgd,
        BatchSize = 10,
        LearningRateSchedule = LearningRateSchedule.Constant,
    };

    static StepSummary Step(int number, double objective) => new(number, number, number, objective, null);

    static string Refusal(Action action)
    {
        var problem = Assert.Throws<DistTrainException>(action).Problem;
        Assert.Equal(("DT6002", ExitCode.Diverged), (problem.Code, problem.ExitCode));
        return problem.Message;
    }

    [Fact]
    public void A_learning_rate_far_too_large_is_divergence()
    {
        var options = Sgd with { LearningRate = 1e4 };

        var message = Refusal(() => TrainingTrace.Of(Plain, options));

        Assert.StartsWith("training diverged: the objective is ", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_batch_a_million_times_as_bad_ends_at_once()
    {
        var growth = Growth.From(1).After(Step(1, 0.5)).After(Step(2, 9e5));

        Assert.Equal(
            "training diverged: the objective is 1.1e6 at step 3, 1.1e6 times that of the start", Refusal(() => growth.After(Step(3, 1.1e6))));
    }

    [Fact]
    public void One_bad_epoch_may_be_taken_back_but_a_second_that_is_no_better_may_not()
    {
        var bad = Growth.From(1).After(Step(1, 1)).After(Step(2, 40)).AfterEpoch(1);
        var better = bad.After(Step(3, 15)).AfterEpoch(2);

        Assert.Equal(
            "training diverged: the objective is 30 on average of epoch 2, 30 times that of the start",
            Refusal(() => bad.After(Step(3, 30)).AfterEpoch(2)));
        Assert.Equal(
            "training diverged: the objective is 15 on average of epoch 3, 15 times that of the start",
            Refusal(() => better.After(Step(4, 15)).AfterEpoch(3)));
        Assert.Equal(3, better.After(Step(4, 3)).AfterEpoch(3).LastMean);
    }

    [Fact]
    public void Where_one_class_is_almost_everything_the_start_counts_as_a_tenth() => Assert.Equal(0.1, Growth.From(1e-4).Start);

    [Theory]
    [InlineData(1.0, 10.0, false)]
    [InlineData(1.0, 10.1, true)]
    [InlineData(double.PositiveInfinity, double.MaxValue, false)]
    public void The_end_is_held_against_ten_times_the_start(double start, double objective, bool isTooFar) =>
        Assert.Equal(isTooFar, Growth.IsTooFar(objective, start));
}
