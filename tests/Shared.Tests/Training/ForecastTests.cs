using DistTrain.Training;

namespace DistTrain.Shared.Tests.Training;

public class ForecastTests
{
    [Fact]
    public void A_gradient_that_falls_by_half_each_second_has_a_known_way_to_go()
    {
        var left = After(new TrainingGoal(Math.ScaleB(1, -20), 1000, null), steps: 10, gradientAt: i => Math.ScaleB(1, -i)).TimeLeft;
        Assert.Equal(11, left!.Value.TotalSeconds, 1e-6); // The last of ten is 2⁻⁹.
    }

    [Fact]
    public void The_limit_that_comes_first_counts()
    {
        var left = After(new TrainingGoal(1e-12, 15, null), steps: 10, gradientAt: i => Math.ScaleB(1, -i)).TimeLeft;
        Assert.Equal(TimeSpan.FromSeconds(6), left); // Step 9 of 15.
    }

    [Fact]
    public void Batches_end_with_their_epochs() =>
        Assert.Equal(TimeSpan.FromSeconds(31), After(new TrainingGoal(null, null, 10), steps: 10, gradientAt: null).TimeLeft);

    [Fact]
    public void What_has_passed_its_limit_is_about_to_end() =>
        Assert.Equal(TimeSpan.Zero, After(new TrainingGoal(null, 3, null), steps: 10, gradientAt: null).TimeLeft);

    [Fact]
    public void Nothing_is_said_where_nothing_is_known()
    {
        Assert.Null(After(new TrainingGoal(1e-5, 100, null), steps: 3, gradientAt: i => 1.0 / (i + 1)).TimeLeft);
        Assert.Null(After(new TrainingGoal(1e-5, null, null), steps: 10, gradientAt: i => i + 1.0).TimeLeft);
        Assert.Null(After(new TrainingGoal(1e-5, null, null), steps: 10, gradientAt: _ => double.NaN).TimeLeft);
        Assert.Null(After(new TrainingGoal(null, null, null), steps: 10, gradientAt: null).TimeLeft);
    }

    /// <summary>One step a second, four to the epoch.</summary>
    static Forecast After(TrainingGoal goal, int steps, Func<int, double>? gradientAt) => Enumerable.Range(0, steps).Aggregate(
        new Forecast(goal),
        (forecast, i) => forecast.After(new StepSummary(i, i, i / 4.0, 1, gradientAt?.Invoke(i)), TimeSpan.FromSeconds(i)));
}
