using DistTrain.Coordinator.Reports.Charts;

namespace DistTrain.Cli.Tests.Reports.Charts;

public sealed class ScaleTests
{
    [Theory]
    [InlineData(0.79, 1.1, "0.7 0.8 0.9 1.0 1.1")]
    [InlineData(0, 1, "0 0.5 1.0")]
    [InlineData(5, 5, "4.5 5.0 5.5")]
    [InlineData(-3, 40, "-20 0 20 40")]
    [InlineData(0, 0, "-1e-12 -5e-13 0 5e-13 1e-12")]
    [InlineData(12345, 56789, "0 20k 40k 60k")]
    public void A_linear_axis_has_round_marks_around_the_values(double least, double greatest, string labels)
    {
        var scale = Scale.Of([least, greatest]);

        Assert.Equal(labels, Labels(scale));
        Assert.Equal((0, 1), (scale.Share(scale.Ticks[0].Value), scale.Share(scale.Ticks[^1].Value)));
    }

    [Theory, InlineData(16, "0 5 10 15"), InlineData(0.945, "0 0.2 0.4 0.6 0.8"), InlineData(10, "0 2 4 6 8 10"), InlineData(0, "0 0.2 0.4 0.6 0.8 1.0"), InlineData(3.2e6, "0 1M 2M 3M")]
    public void An_axis_of_counts_begins_at_0_and_ends_with_the_last(double last, string labels)
    {
        var scale = LinearScale.UpTo(last);

        Assert.Equal(labels, Labels(scale));
        Assert.Equal(1, scale.Share(last == 0 ? 1 : last));
    }

    [Theory]
    [InlineData(2e-6, 0.3, "1e-6 1e-5 1e-4 1e-3 0.01 0.1 1")]
    [InlineData(1, 1000, "1 10 100 1000")]
    [InlineData(1e-12, 1e3, "1e-12 1e-9 1e-6 1e-3 1 1000")]
    public void Values_over_decades_have_a_mark_at_powers_of_ten(double least, double greatest, string labels) =>
        Assert.Equal(labels, Labels(Scale.Of([least, greatest])));

    [Fact]
    public void Equal_ratios_are_equal_distances()
    {
        var scale = Scale.Of([1e-4, 1]);

        Assert.Equal(0.25, scale.Share(1e-3), 1e-12);
        Assert.Equal(0.75, scale.Share(0.1), 1e-12);
    }

    static string Labels(Scale scale) => string.Join(' ', scale.Ticks.Select(tick => tick.Label));
}
