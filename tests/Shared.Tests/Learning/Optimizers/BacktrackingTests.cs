using DistTrain.Learning.Optimizers;

namespace DistTrain.Shared.Tests.Learning.Optimizers;

public sealed class BacktrackingTests
{
    static readonly Backtracking Start = new(Value: 10, Noise: 1e-3, Length: 1);

    [Theory]
    [InlineData(9.5, true)]
    [InlineData(9.9999, true)] // Enough is a ten-thousandth of what the slope promises; within the noise the slope at the end decides.
    [InlineData(10.5, false)]
    [InlineData(double.PositiveInfinity, false)]
    [InlineData(double.NaN, false)]
    public void A_trial_is_taken_that_decreases_enough(double value, bool expected) =>
        Assert.Equal(expected, Start.Accepts(value, startSlope: -1, endSlope: 0.5));

    [Theory]
    [InlineData(-1, true)]
    [InlineData(0.99, true)]
    [InlineData(1.01, false)]
    public void Where_values_are_lost_in_noise_the_slope_at_the_end_decides(double endSlope, bool expected)
    {
        Assert.Equal(expected, Start.Accepts(10.0005, startSlope: -1, endSlope));
        Assert.Equal(expected, Start.Accepts(9.9995, startSlope: -1, endSlope));
    }

    [Theory]
    [InlineData(11, 0.25)] // The parabola through 10 with slope −1 and 11: least at 1/4.
    [InlineData(1000, 0.1)] // never less than a tenth
    [InlineData(10.1, 0.1 + 0.4 * 0.886)] // 1/(2·1.1) = 0.4545
    public void The_next_length_is_where_a_parabola_has_its_least_value(double value, double expected)
    {
        var next = Start.Shorten(value, startSlope: -1, endSlope: 3);

        Assert.Equal(expected, next.Length, 1e-3);
        Assert.Equal(1, next.Trials);
    }

    [Fact]
    public void In_noise_it_is_where_the_slope_would_be_zero() =>
        Assert.Equal(0.25, Start.Shorten(10, startSlope: -1, endSlope: 3).Length);

    [Fact]
    public void After_a_trial_without_value_it_is_a_tenth() =>
        Assert.Equal(0.1, Start.Shorten(double.NaN, -1, double.NaN).Length);

    [Fact]
    public void Twenty_trials_are_all()
    {
        var search = Start;
        for (var i = 0; i < 20; i++)
        {
            Assert.False(search.IsOver);
            search = search.Shorten(11, -1, 1);
        }
        Assert.True(search.IsOver);
    }
}
