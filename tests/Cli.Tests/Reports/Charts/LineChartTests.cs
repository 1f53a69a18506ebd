using System.Text;
using DistTrain.Coordinator.Reports.Charts;

namespace DistTrain.Cli.Tests.Reports.Charts;

public sealed class LineChartTests
{
    [Fact]
    public void One_point_is_a_dot_without_a_line()
    {
        var chart = Drawn([(1, 0.5)]);

        Assert.DoesNotContain("<path", chart, StringComparison.Ordinal);
        Assert.Contains("<circle class=\"dot s1\" cx=\"426\"", chart, StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_goes_through_its_points()
    {
        // From (0, 0) at the lower left to (10, 1) at the upper right of the plot.
        Assert.Contains("d=\"M52 190L239 100L426 10\"", Drawn([(0, 0), (5, 0.5), (10, 1)]), StringComparison.Ordinal);
    }

    [Fact]
    public void Very_many_points_make_a_short_path_that_keeps_every_peak()
    {
        var chart = Drawn([.. Enumerable.Range(0, 100_000).Select(i => ((double)i, i == 77_777 ? 1.0 : i == 33_333 ? 0 : 0.5))]);

        Assert.InRange(chart.Length, 1000, 12_000);
        Assert.Contains(" 10L", chart, StringComparison.Ordinal);
        Assert.Contains(" 190L", chart, StringComparison.Ordinal);
        Assert.DoesNotContain("<circle", chart, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mark_has_a_word_on_the_side_where_there_is_room()
    {
        var chart = Drawn([(0, 0), (10, 1)], (1, "early"), (9, "late"));

        Assert.Contains("text-anchor=\"start\">early<", chart, StringComparison.Ordinal);
        Assert.Contains("text-anchor=\"end\">late<", chart, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_marks_too_close_together_the_last_has_its_word()
    {
        var chart = Drawn([(0, 0), (10, 1)], (3, "third"), (1, "first"), (1.1, "second"));

        Assert.DoesNotContain(">first<", chart, StringComparison.Ordinal);
        Assert.Contains(">second<", chart, StringComparison.Ordinal);
        Assert.Contains(">third<", chart, StringComparison.Ordinal);
        Assert.Equal(3, chart.Split("class=\"mark\"").Length - 1);
    }

    static string Drawn(IReadOnlyList<(double, double)> points, params (double, string)[] marks)
    {
        var page = new StringBuilder();
        LineChart.Draw("a line", "steps", [new Line("s1", points)], new LineChartOptions { Marks = marks }).Write(page);
        return page.ToString();
    }
}
