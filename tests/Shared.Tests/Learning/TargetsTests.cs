using DistTrain.Learning;

namespace DistTrain.Shared.Tests.Learning;

public sealed class TargetsTests
{
    [Fact]
    public void Plain_targets_weigh_every_class_1()
    {
        Assert.False(Targets.Plain.HasClassWeights);
        Assert.Equal((1, 1), (Targets.Plain.ClassWeightMax, Targets.Plain.ClassWeightOf(5)));
    }

    [Theory, InlineData(0.25, 4, 4), InlineData(0.25, 0.5, 1)]
    public void The_factor_of_scales_is_the_largest_weight_but_never_below_1(double first, double second, double expected) =>
        Assert.Equal(expected, new Targets(0, [first, second]).ClassWeightMax);

    [Fact]
    public void Targets_of_equal_content_are_equal()
    {
        Assert.Equal(new Targets(0.1, [1, 2]), new Targets(0.1, [1, 2]));
        Assert.Equal(new Targets(0.1, [1, 2]).GetHashCode(), new Targets(0.1, [1, 2]).GetHashCode());
        Assert.NotEqual(new Targets(0.1, [1, 2]), new Targets(0.1, [1, 3]));
        Assert.NotEqual(new Targets(0.1, [1, 2]), new Targets(0, [1, 2]));
    }
}
