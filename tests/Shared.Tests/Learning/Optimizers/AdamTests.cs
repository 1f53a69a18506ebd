using DistTrain.Learning.Optimizers;

namespace DistTrain.Shared.Tests.Learning.Optimizers;

public sealed class AdamTests
{
    [Fact]
    public void Two_steps_worked_by_hand()
    {
        var adam = Adam.From([0.0], [1.0], learningRate: 0.1);

        // t = 1: m̂ = g, v̂ = g²: the step is the rate against the sign.
        var first = adam.Tell(7, [4]);
        Assert.Equal(-0.1, first.Optimizer.Point[0], 1e-8);
        Assert.Equal(new OptimizerStep(7, null), first.Step);

        // t = 2, g = −2: m̂ = (0.9·0.4 − 0.2)/0.19 = 0.842105, v̂ = (0.999·0.016 + 0.004)/0.001999 = 9.996998.
        var second = first.Optimizer.Tell(7, [-2]);
        Assert.Equal(-0.1 - 0.1 * 0.8421052632 / Math.Sqrt(9.9969984992), second.Optimizer.Point[0], 1e-8);
    }

    [Fact]
    public void Steps_are_measured_in_units_of_the_column()
    {
        var point = Adam.From([0, 0], [1, 50], learningRate: 0.1).Tell(1, [3, 150]).Optimizer.Point;

        Assert.Equal(-0.1, point[0], 1e-8);
        Assert.Equal(-0.002, point[1], 1e-9);
    }

    [Fact]
    public void Points_hold_float32_numbers()
    {
        IOptimizer adam = Adam.From([0.1, 1 / 3.0], [1, 3]);
        for (var i = 1; i < 10; i++)
        {
            Assert.All(adam.Trial, x => Assert.Equal((float)x, x));
            adam = adam.Tell(1, [i, -1.0 / i]).Optimizer;
        }
    }

    [Fact]
    public void An_old_state_told_again_gives_the_same_point()
    {
        double[] gradient = [1, -2];
        var before = Adam.From([0, 0], [1, 1]).Tell(1, [3, 3]).Optimizer;

        var once = before.Tell(1, gradient).Optimizer;
        _ = before.Tell(1, [100, 100]);
        var again = before.Tell(1, gradient).Optimizer;

        Assert.Equal(once.Point, again.Point);
        Assert.Equal(once.Tell(1, gradient).Optimizer.Point, again.Tell(1, gradient).Optimizer.Point);
        Assert.Equal([1.0, -2.0], gradient);
    }
}
