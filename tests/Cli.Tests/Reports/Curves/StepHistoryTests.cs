using DistTrain.Coordinator.Reports.Curves;

namespace DistTrain.Cli.Tests.Reports.Curves;

public sealed class StepHistoryTests
{
    [Fact]
    public void Few_steps_are_kept_as_they_are()
    {
        var points = Enumerable.Range(0, StepHistory.PointsMax - 1).Select(i => Point(i, i)).ToList();

        var history = ReportExample.History(points);

        Assert.Equal(points, history.Points);
        Assert.Equal(points.Count, history.StepCount);
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public void Of_very_many_steps_no_extreme_is_lost(int seed)
    {
        var random = new Random(seed);
        var points = Enumerable.Range(0, 200_000).Select(i => new StepPoint(i, i, i, i, random.NextDouble(), random.NextDouble(), null)).ToList();

        var history = ReportExample.History(points);

        Assert.InRange(history.Points.Count, 100, StepHistory.PointsMax);
        Assert.Equal(points.Count, history.StepCount);
        Assert.Equal((points[0], points[^1]), (history.Points[0], history.Points[^1]));
        Assert.Equal(history.Points.Select(point => point.Step).Order(), history.Points.Select(point => point.Step));
        foreach (var figure in (Func<StepPoint, double?>[])[point => point.Objective, point => point.GradientMax])
        {
            Assert.Contains(points.MinBy(figure), history.Points);
            Assert.Contains(points.MaxBy(figure), history.Points);
        }
    }

    [Fact]
    public void Each_epoch_has_the_mean_of_its_steps_where_all_are_kept()
    {
        var history = ReportExample.History(Enumerable.Range(1, 6).Select(i => new StepPoint(i, i, i / 3.0, i, i, null, null)));

        Assert.Equal([(3, 2.0), (6, 5.0)], history.EpochMeans().Select(mean => (mean.Step, mean.Objective!.Value)));
        Assert.Empty(ReportExample.History(Enumerable.Range(0, 3).Select(i => Point(i, i))).EpochMeans());
        Assert.Empty(ReportExample.History(Enumerable.Range(0, StepHistory.PointsMax + 1).Select(i => Point(i, i))).EpochMeans());
    }

    [Fact]
    public void A_resumed_run_forgets_what_came_after_and_its_clock_goes_on()
    {
        var history = ReportExample.History(Point(0, 1), Point(1, 2), Point(2, 3));

        history.Resume(1);
        history.Add(Point(2, 0.5));

        Assert.Equal([(0, 1), (1, 2), (2, 3.5)], history.Points.Select(point => (point.Step, point.Seconds)));
        Assert.Equal((1, 3), (history.Resumptions.Single().Before.Step, history.Resumptions.Single().Before.Seconds));
        Assert.Equal(3, history.StepCount);
    }

    [Fact]
    public void A_run_resumed_before_any_step_has_no_mark()
    {
        var history = new StepHistory();
        history.Resume(0);
        Assert.Empty(history.Resumptions);
    }

    [Fact]
    public void What_is_watched_belongs_to_the_last_step()
    {
        var history = new StepHistory();
        history.Watch(1);
        history.Add(Point(1, 1));
        history.Watch(0.5);

        Assert.Equal(0.5, history.Points.Single().ValidationLogLoss);
    }

    static StepPoint Point(int step, double seconds) => new(step, step + 1, step, seconds, 1, 1, null);
}
