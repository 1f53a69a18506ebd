using DistTrain.Learning.Metrics;

namespace DistTrain.Shared.Tests.Learning.Metrics;

public sealed class TemperatureSearchTests
{
    /// <summary>Searches the least of a convex function given by slope and curvature.</summary>
    static (TemperatureSearch Found, int Trials) Search(Func<double, (double Slope, double Curvature)> at)
    {
        var (search, trials) = (new TemperatureSearch(), 0);
        while (!search.IsFinished)
        {
            trials++;
            Assert.InRange(search.Trial, TemperatureSearch.InverseMin, TemperatureSearch.InverseMax);
            var (slope, curvature) = at(search.Trial);
            search = search.Tell(slope, curvature);
        }
        return (search, trials);
    }

    /// <summary>Mean loss of margins m: log(1 + e^(−βm)), slope and curvature in β.</summary>
    static (double Slope, double Curvature) Logistic(double[] margins, double beta)
    {
        var wrong = margins.Select(m => 1 / (1 + Math.Exp(beta * m))).ToArray();
        return (margins.Zip(wrong, (m, q) => -m * q).Average(), margins.Zip(wrong, (m, q) => m * m * q * (1 - q)).Average());
    }

    [Theory, InlineData(1.0), InlineData(0.7), InlineData(3.0), InlineData(0.02), InlineData(99.0), InlineData(0.0100001)]
    public void A_parabola_takes_two_trials(double optimum)
    {
        var (found, trials) = Search(beta => (2 * (beta - optimum), 2));
        Assert.Equal(optimum, found.Trial, 1e-9);
        Assert.False(found.IsAtLimit);
        Assert.InRange(trials, 1, 2);
    }

    [Theory]
    [InlineData(new[] { 3.0, 2.0, -1.0, 4.0, 0.5 })]
    [InlineData(new[] { 30.0, 20.0, -10.0, 40.0, 5.0 })]
    [InlineData(new[] { 0.3, 0.02, -0.01, 0.4 })]
    [InlineData(new[] { 9.0, -8.9 })]
    [InlineData(new[] { 0.1, -0.03, -0.05 })]
    [InlineData(new[] { 1000.0, 1.0, -0.5 })]
    public void Logistic_losses_reach_their_optimum_in_few_trials(double[] margins)
    {
        var (found, trials) = Search(beta => Logistic(margins, beta));
        var (low, high) = (TemperatureSearch.InverseMin, TemperatureSearch.InverseMax);
        for (var i = 0; i < 200; i++)
        {
            var middle = (low + high) / 2;
            if (Logistic(margins, middle).Slope < 0) low = middle;
            else high = middle;
        }
        Assert.Equal(low, found.Trial, 1e-8 * low);
        Assert.InRange(trials, 2, 20);
    }

    [Theory]
    [InlineData(new[] { 1.0, 2.0, 3.0 }, 100.0)] // all right: the surer the better
    [InlineData(new[] { 0.001, 0.002 }, 100.0)]
    [InlineData(new[] { -1.0, -2.0 }, 0.01)] // all wrong: the less sure the better
    [InlineData(new[] { 200.0, -100.0, -150.0 }, 0.01)]
    public void Where_the_loss_falls_for_ever_the_end_of_the_range_is_told(double[] margins, double expected)
    {
        var (found, trials) = Search(beta => Logistic(margins, beta));
        Assert.Equal(expected, found.Trial);
        Assert.True(found.IsAtLimit);
        Assert.InRange(trials, 2, 20);
    }

    [Fact]
    public void A_flat_loss_leaves_the_temperature_at_one()
    {
        var (found, trials) = Search(_ => (0, 0));
        Assert.Equal((1.0, 1, false), (found.Trial, trials, found.IsAtLimit));
    }

    [Fact]
    public void A_loss_too_large_to_be_added_is_searched_below()
    {
        var (found, _) = Search(beta => beta > 4 ? (double.PositiveInfinity, 0) : (beta < 3.9999 ? -1.0 : 2 * (beta - 4), 1));
        Assert.Equal(4, found.Trial, 1e-3);
    }

    [Fact]
    public void A_curve_that_misleads_ends_after_sixty_trials()
    {
        var (_, trials) = Search(beta => (beta < Math.PI ? -1 : 1, 1e-300));
        Assert.InRange(trials, 10, 60);
    }
}
