using DistTrain.Learning.Optimizers;

namespace DistTrain.Shared.Tests.Learning.Optimizers;

public sealed class PseudoGradientTests
{
    [Theory]
    [InlineData(1, 0.25, 0.75)] // right of the edge: both slopes
    [InlineData(-1, 0.25, -0.25)] // left of it
    [InlineData(0, 0.25, 0)] // held at the edge
    [InlineData(0, -0.5, 0)]
    [InlineData(0, 0.75, 0.25)] // downhill to the left
    [InlineData(0, -0.75, -0.25)] // and to the right
    public void It_is_the_least_slope_of_f_plus_half_the_absolute_value(double x, double slope, double expected) =>
        // Alone, and among others, where several are taken at once.
        Assert.Equal(Enumerable.Repeat(expected, 7), PseudoGradient.Of(Seven(x), Seven(slope), Seven(0.5)));

    [Fact]
    public void Without_lambda_it_is_the_gradient() => Assert.Equal([3.0, -4], PseudoGradient.Of([0, 1], [3, -4], []));

    [Fact]
    public void What_is_not_a_number_stays_so() =>
        Assert.Equal(Seven(double.NaN), PseudoGradient.Of(Seven(0), Seven(double.NaN), Seven(1)));

    static double[] Seven(double number) => [.. Enumerable.Repeat(number, 7)];
}
