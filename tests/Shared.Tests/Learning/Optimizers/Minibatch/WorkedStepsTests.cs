using DistTrain.Learning.Optimizers.Minibatch;
using DistTrain.Shared.Tests.Testing;
using DistTrain.Training;
using DistTrain.Training.Phases;

namespace DistTrain.Shared.Tests.Learning.Optimizers.Minibatch;

/// <summary>Two steps of each optimiser, worked by hand: one feature of one class, no penalty.</summary>
public sealed class WorkedStepsTests
{
    [Theory]
    [InlineData(OptimizerKind.Sgd, -0.3, -0.7)] // −0.1·3, −0.1·4
    [InlineData(OptimizerKind.Momentum, -0.3, -0.97)] // v = 3; 0.9·3 + 4 = 6.7
    [InlineData(OptimizerKind.Nesterov, -0.57, -1.573)] // 3 + 0.9·3 = 5.7; 4 + 0.9·6.7 = 10.03
    [InlineData(OptimizerKind.Adagrad, -0.1, -0.18)] // 3/√9; 4/√25
    [InlineData(OptimizerKind.Adam, -0.1, -0.19973229)] // 3/√9; (0.9·0.3 + 0.4)/0.19 / √((0.999·0.009 + 0.016)/0.001999)
    [InlineData(OptimizerKind.Adamw, -0.1, -0.19973229)]
    [InlineData(OptimizerKind.Ftrl, -3 / 40.0, -8.5 / 60)] // z = 3, n = 9: −3/(4/0.1); σ = 2/0.1, z = 3 + 4 + 20·0.075: −8.5/(6/0.1)
    public void Gradients_of_3_and_4_at_a_rate_of_a_tenth(OptimizerKind kind, double first, double second)
    {
        var optimizer = Optimizer(kind, 1);

        optimizer.Descend(PlainGradient.Of([0], 3));
        Assert.Equal(first, Read(optimizer, 0), 1e-7);
        optimizer.Descend(PlainGradient.Of([0], 4));
        Assert.Equal(second, Read(optimizer, 0), 1e-7);
    }

    /// <summary>With x̃ = x/50 the gradient is 150/50 = 3, and w = w̃/50.</summary>
    [Theory]
    [InlineData(OptimizerKind.Sgd)]
    [InlineData(OptimizerKind.Momentum)]
    [InlineData(OptimizerKind.Adam)]
    [InlineData(OptimizerKind.Adagrad)]
    [InlineData(OptimizerKind.Ftrl)]
    public void Steps_are_measured_in_units_of_the_column(OptimizerKind kind)
    {
        var (small, large) = (Optimizer(kind, 1), Optimizer(kind, 50));
        foreach (var gradient in (double[])[3, 4, -2])
        {
            small.Descend(PlainGradient.Of([0], gradient));
            large.Descend(PlainGradient.Of([0], 50 * gradient));
        }

        Assert.Equal(Read(small, 0), 50 * Read(large, 0), 1e-12);
    }

    [Fact]
    public void Gradients_are_clipped_by_their_norm_over_all_features_in_units_of_the_columns()
    {
        var start = new MinibatchStart(new double[3], 1, [1, 10, 1], new double[2], new double[2]);
        var sgd = MinibatchRecipes.Of(OptimizerKind.Sgd, start, new LearningRate(1, LearningRateSchedule.Constant), clipNorm: 1);

        sgd.Descend(PlainGradient.Of([0, 1], 3, 40)); // (3, 4), of norm 5
        Assert.Equal(-0.6, Read(sgd, 0), 1e-15);
        Assert.Equal(-0.08, Read(sgd, 1), 1e-15);

        sgd.Descend(PlainGradient.Of([0], 0.5)); // Short enough.
        Assert.Equal(-1.1, Read(sgd, 0), 1e-15);
    }

    [Fact]
    public void Decoupled_decay_shrinks_weights_by_the_rate_alone_and_leaves_intercepts()
    {
        var start = new MinibatchStart([2, 2], 1, [1, 1], [0], [0]);
        var adamw = MinibatchRecipes.Of(OptimizerKind.Adamw, start, new LearningRate(0.1, LearningRateSchedule.Constant), weightDecay: 0.5);

        for (var step = 0; step < 4; step++) adamw.Descend(PlainGradient.Of([1], 0));

        Assert.Equal(2 * Math.Exp(-0.5 * 0.4), Read(adamw, 0), 1e-14);
        Assert.Equal(2, Read(adamw, 1));
    }

    static IMinibatchOptimizer Optimizer(OptimizerKind kind, double yardstick) => MinibatchRecipes.Of(
        kind, new MinibatchStart(new double[2], 1, [yardstick, 1], [0], [0]), new LearningRate(0.1, LearningRateSchedule.Constant));

    static double Read(IMinibatchOptimizer optimizer, int feature)
    {
        var weights = new double[1];
        optimizer.Read([feature], weights);
        return weights[0];
    }
}
