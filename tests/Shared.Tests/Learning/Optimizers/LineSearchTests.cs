using CsCheck;
using DistTrain.Learning.Optimizers;

namespace DistTrain.Shared.Tests.Learning.Optimizers;

public sealed class LineSearchTests
{
    const double SufficientDecrease = 1e-4;
    const double Curvature = 0.9;

    static (LineSearch Search, LineSearchVerdict Verdict, int Trials) Search(
        Func<double, double> value, Func<double, double> slope, double first = 1, double noise = 0)
    {
        var search = LineSearch.From(value(0), slope(0), first, noise);
        for (var trials = 1; ; trials++)
        {
            Assert.InRange(trials, 1, 20);
            (search, var verdict) = search.Tell(value(search.Trial), slope(search.Trial));
            if (verdict != LineSearchVerdict.Continue) return (search, verdict, trials);
        }
    }

    [Fact]
    public void A_first_trial_that_fits_is_taken()
    {
        var (search, verdict, trials) = Search(a => (a - 1) * (a - 1), a => 2 * (a - 1));

        Assert.Equal((LineSearchVerdict.Accepted, 1, 1.0), (verdict, trials, search.Low.Length));
    }

    [Fact]
    public void Parabolas_of_any_width_from_any_first_step_end_in_a_strong_Wolfe_point()
    {
        Gen.Select(Gen.Double[-6, 6], Gen.Double[-6, 6]).Sample((logMinimizer, logFirst) =>
        {
            var (minimizer, first) = (Math.Pow(10, logMinimizer), Math.Pow(10, logFirst));
            double Value(double a) => (a / minimizer - 1) * (a / minimizer - 1);
            double Slope(double a) => 2 * (a / minimizer - 1) / minimizer;

            var (search, verdict, _) = Search(Value, Slope, first);

            var found = search.Low;
            return verdict == LineSearchVerdict.Accepted
                && found.Value <= Value(0) + SufficientDecrease * found.Length * Slope(0)
                && Math.Abs(found.Slope) <= Curvature * Math.Abs(Slope(0));
        }, seed: "0000000000001", iter: 500);
    }

    [Theory]
    [InlineData(1e-3)]
    [InlineData(1)]
    [InlineData(1e3)]
    public void More_and_Thuentes_first_function_is_solved_from_any_first_step(double first)
    {
        // φ(a) = −a / (a² + 2), their (5.1) with β = 2; the minimiser is √2.
        var (search, verdict, trials) = Search(a => -a / (a * a + 2), a => (a * a - 2) / ((a * a + 2) * (a * a + 2)), first);

        Assert.Equal(LineSearchVerdict.Accepted, verdict);
        Assert.True(Math.Abs(search.Low.Slope) <= 0.45);
        Assert.InRange(trials, 1, 10);
    }

    [Fact]
    public void Values_lost_in_noise_leave_the_decision_to_slopes()
    {
        // The value jumps up and down by its noise; the slope of ½(a − 1)² is exact.
        var up = 1.0;
        var (search, verdict, trials) = Search(_ => 1e6 + 1e-3 * (up = -up), a => 1e-6 * (a - 1), first: 30, noise: 1e-2);

        Assert.Equal(LineSearchVerdict.Accepted, verdict);
        Assert.InRange(search.Low.Length, 0.1, 1.9);
        Assert.InRange(trials, 2, 6);
        Assert.False(search.HasProgress);
    }

    [Fact]
    public void Trials_that_are_not_finite_are_shortened_tenfold()
    {
        var search = LineSearch.From(1, -1, 1, 0);

        (search, var verdict) = search.Tell(double.NaN, double.NaN);
        Assert.Equal((LineSearchVerdict.Continue, 0.1), (verdict, search.Trial));
        (search, verdict) = search.Tell(double.PositiveInfinity, 0);
        Assert.Equal((LineSearchVerdict.Continue, 0.01), (verdict, Math.Round(search.Trial, 15)));
    }

    [Fact]
    public void A_slope_that_lies_ends_in_failure_without_progress()
    {
        var (search, verdict, trials) = Search(a => a, _ => -1);

        Assert.Equal((LineSearchVerdict.Failed, 20, false), (verdict, trials, search.HasProgress));
    }
}
