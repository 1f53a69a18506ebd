using DistTrain.Learning.Metrics;
using DistTrain.Numerics;

namespace DistTrain.Shared.Tests.Learning.Metrics;

public sealed class CalibrationSumsTests
{
    const double Scale = 1L << 40;

    [Fact]
    public void Worked_by_hand()
    {
        // Two classes, z = (0, 2), β = ½: p = (1, e) / (1 + e).
        var sums = new CalibrationSums();
        Assert.True(sums.Add([0, 2], observed: 0, inverseTemperature: 0.5, weight: 3, Scale));

        var p = Math.E / (1 + Math.E);
        Assert.Equal(3, Number(sums.Weight));
        Assert.Equal(3 * Math.Log(1 + Math.E), Number(sums.Loss), 1e-11);
        Assert.Equal(3 * 2 * p, Number(sums.Slope), 1e-11);
        Assert.Equal(3 * 4 * p * (1 - p), Number(sums.Curvature), 1e-11);
    }

    [Theory, InlineData(2, 1.0), InlineData(3, 0.1), InlineData(5, 7.0), InlineData(40, 1.5)]
    public void Slope_and_curvature_are_derivatives_of_the_loss(int classCount, double inverseTemperature)
    {
        const double Step = 1e-4;
        for (var seed = 1UL; seed <= 20; seed++)
        {
            var (low, here, high) = (Of(inverseTemperature - Step), Of(inverseTemperature), Of(inverseTemperature + Step));
            Assert.Equal((Number(high.Loss) - Number(low.Loss)) / (2 * Step), Number(here.Slope), 1e-5);
            Assert.Equal((Number(high.Slope) - Number(low.Slope)) / (2 * Step), Number(here.Curvature), 1e-5);
            Assert.True(here.Curvature.High >= 0);

            CalibrationSums Of(double at)
            {
                var random = new CounterRandom(seed, 3);
                var logits = new double[classCount];
                for (var k = 0; k < classCount; k++) logits[k] = 2 * random.NextGaussian();
                var sums = new CalibrationSums();
                Assert.True(sums.Add(logits, random.NextInt32(classCount), at, weight: 1, Scale));
                return sums;
            }
        }
    }

    [Fact]
    public void A_constant_in_all_logits_changes_nothing()
    {
        var (near, far) = (new CalibrationSums(), new CalibrationSums());
        near.Add([1, 2, 4], observed: 1, inverseTemperature: 0.75, weight: 1, Scale);
        far.Add([1e6 + 1, 1e6 + 2, 1e6 + 4], observed: 1, inverseTemperature: 0.75, weight: 1, Scale);
        Assert.Equal((near.Loss, near.Slope, near.Curvature), (far.Loss, far.Slope, far.Curvature));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(1e300)]
    public void What_cannot_be_added_is_refused_whole(double logit)
    {
        var sums = new CalibrationSums();
        Assert.False(sums.Add([logit, 0, 1], observed: 1, inverseTemperature: 1, weight: 1, Scale));
        Assert.Equal((WideInteger.Zero, WideInteger.Zero, WideInteger.Zero, WideInteger.Zero), (sums.Weight, sums.Loss, sums.Slope, sums.Curvature));
    }

    [Fact]
    public void Parts_add_up()
    {
        var (whole, part, other) = (new CalibrationSums(), new CalibrationSums(), new CalibrationSums());
        foreach (var sums in (CalibrationSums[])[whole, part]) sums.Add([0, 1, 2], observed: 2, inverseTemperature: 2, weight: 0.75, Scale);
        foreach (var sums in (CalibrationSums[])[whole, other]) sums.Add([3, 1, 2], observed: 1, inverseTemperature: 2, weight: 2, Scale);
        part.Add(other);
        Assert.Equal((whole.Weight, whole.Loss, whole.Slope, whole.Curvature), (part.Weight, part.Loss, part.Slope, part.Curvature));
    }

    static double Number(WideInteger sum) => (double)sum / Scale;
}
