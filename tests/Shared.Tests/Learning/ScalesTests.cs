using DistTrain.Learning;
using DistTrain.Numerics;

namespace DistTrain.Shared.Tests.Learning;

public sealed class ScalesTests
{
    const double Range = 1L << 62;

    [Theory, InlineData(1e-30), InlineData(0.7), InlineData(1), InlineData(1e6), InlineData(3e35)]
    public void The_scale_is_the_largest_power_of_two_that_leaves_room(double absoluteSum)
    {
        var scale = new Scales([absoluteSum], weightSum: 1).Features[0];
        Assert.Equal(scale, FixedPoint.LargestPowerOfTwoUpTo(scale));
        Assert.True(2 * absoluteSum * scale <= Range);
        Assert.True(2 * absoluteSum * 2 * scale > Range);
    }

    [Fact]
    public void A_column_of_zeros_has_scale_one() => Assert.Equal(1, new Scales([0], weightSum: 1).Features[0]);

    [Fact]
    public void Class_weights_take_their_room()
    {
        var plain = new Scales([5], weightSum: 5);
        var weighted = new Scales([5], weightSum: 5, classWeightMax: 8);
        Assert.Equal(plain.Features[0] / 8, weighted.Features[0]);
        Assert.Equal(plain.Intercept / 8, weighted.Intercept);
        Assert.Equal(plain.Scalar, weighted.Scalar);
    }
}
