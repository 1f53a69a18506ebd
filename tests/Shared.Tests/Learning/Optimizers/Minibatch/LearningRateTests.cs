using DistTrain.Learning.Optimizers.Minibatch;

namespace DistTrain.Shared.Tests.Learning.Optimizers.Minibatch;

public sealed class LearningRateTests
{
    [Fact]
    public void Constant_stays() => Assert.Equal([2.0, 2, 2], Rates(LearningRateSchedule.Constant, 0, 50, 99));

    [Fact]
    public void Step_is_a_tenth_after_half_and_a_hundredth_after_three_quarters() =>
        Assert.Equal([2, 2, 0.2, 0.2, 0.02, 0.02], Rates(LearningRateSchedule.Step, 0, 49, 50, 74, 75, 99));

    [Fact]
    public void Cosine_falls_to_nothing()
    {
        var rates = Rates(LearningRateSchedule.Cosine, 0, 25, 50, 100, 1000);
        Assert.Equal(2, rates[0]);
        Assert.Equal(1 + Math.Sqrt(0.5), rates[1], 1e-15);
        Assert.Equal(1, rates[2], 1e-15);
        Assert.Equal([0.0, 0], rates[3..]);
    }

    [Fact]
    public void Inverse_time_counts_epochs() => Assert.Equal([2, 1, 2 / 1.5, 0.5], Rates(LearningRateSchedule.Inverse, 0, 10, 5, 30));

    [Fact]
    public void A_warm_up_rises_in_a_line_and_the_schedule_begins_after_it()
    {
        var rate = new LearningRate(2, LearningRateSchedule.Cosine, WarmupSteps: 4, StepsPerEpoch: 10, StepsTotal: 104);

        Assert.Equal([0.5, 1, 1.5, 2, 2], Enumerable.Range(0, 5).Select(rate.At));
        Assert.Equal(1, rate.At(54), 1e-15);
    }

    [Fact]
    public void A_warm_up_may_be_longer_than_the_run()
    {
        var rate = new LearningRate(1, LearningRateSchedule.Step, WarmupSteps: 10, StepsTotal: 5);
        Assert.Equal(0.5, rate.At(4));
        Assert.Equal(1, rate.At(10));
    }

    static double[] Rates(LearningRateSchedule schedule, params int[] steps) =>
        [.. steps.Select(new LearningRate(2, schedule, StepsPerEpoch: 10, StepsTotal: 100).At)];
}
