using System.Globalization;
using DistTrain.Coordinator.Reports.Charts;
using DistTrain.Coordinator.Reports.Curves;
using DistTrain.Coordinator.Reports.Markup;
using DistTrain.Node.CommandLine;

namespace DistTrain.Coordinator.Reports.Sections;

/// <summary>How training went: each figure by work done and by time.</summary>
static class CurvesSection
{
    const int RowsMax = 40;

    public static Element Of(ReportData data)
    {
        var curves = Curve.Of(data).Where(curve => data.History.Points.Any(point => curve.ValueOf(point) is not null)).ToList();
        return new("section", [("id", "training"), new Element("h2", "How training went"), .. Parts(data, curves)]);
    }

    static IEnumerable<Content> Parts(ReportData data, List<Curve> curves)
    {
        if (curves.Count == 0)
        {
            yield return Cells.Note("No step was taken.");
            yield break;
        }
        var axes = CurveAxis.Of(data);
        var charts = curves.SelectMany(curve => axes.Select(axis => Chart(data, curve, axis)));
        yield return new Element("div", [("class", "charts"), .. charts]);
        if (data.IsMinibatch && data.History.EpochMeans() is { Count: > 0 } epochs) yield return Epochs(data, epochs);
        yield return Steps(data, curves);
    }

    static Element Chart(ReportData data, Curve curve, CurveAxis axis)
    {
        var points = data.History.Points.Select(point => (X: axis.ValueOf(point), Y: curve.ValueOf(point)))
            .Where(point => point.Y is not null).Select(point => (point.X, point.Y!.Value)).ToList();
        var text = $"{curve.Name} by {axis.Name}: from {curve.Text(points[0].Value)} to {curve.Text(points[^1].Value)} after " +
            $"{Figures.Value(points[^1].X)} {axis.Name}. The numbers are in the table of steps below.";
        var options = new LineChartOptions
        {
            Marks = [.. Resumptions(data, axis), .. PenaltyEnds(data, axis)],
            Level = curve.Level,
            PrefersLogarithm = curve.IsLogarithmic,
        };
        var picture = LineChart.Draw(text, axis.Name, Lines(data, curve, axis, points), options);
        return Cells.Figure(curve.Name, $"{curve.Unit}, by {axis.Name}", picture);
    }

    /// <summary>The line itself; a noisy one is faint, and the means of the epochs are drawn over it.</summary>
    static Line[] Lines(ReportData data, Curve curve, CurveAxis axis, IReadOnlyList<(double, double)> points)
    {
        var means = curve.HasMeans ? data.History.EpochMeans() : [];
        if (means.Count == 0) return [new Line(curve.Style, points)];
        var trend = means.Select(mean => (axis.ValueOf(mean), mean.Objective!.Value));
        return [new Line($"{curve.Style} faint", points), new Line(curve.Style, [.. trend])];
    }

    static IEnumerable<(double, string)> Resumptions(ReportData data, CurveAxis axis) =>
        data.History.Resumptions.Select(resumption => (axis.ValueOf(resumption.Before), "resumed"));

    /// <summary>The last step of each penalty of a path but the last one: from there on it is another objective.</summary>
    static IEnumerable<(double, string)> PenaltyEnds(ReportData data, CurveAxis axis)
    {
        var evaluations = 0;
        foreach (var point in data.Result.Path.SkipLast(1))
        {
            evaluations += point.Evaluations;
            if (data.History.Points.LastOrDefault(step => step.Evaluations <= evaluations) is { Evaluations: > 0 } last)
                yield return (axis.ValueOf(last), "next λ₂");
        }
    }

    static Element Epochs(ReportData data, IReadOnlyList<StepPoint> epochs)
    {
        var shown = Spread(epochs);
        return Cells.Folded("Table of epochs",
            new Table<StepPoint>("Epochs", shown)
                .Number("epochs", EpochsText)
                .Number("step", epoch => Figures.Count(epoch.Step))
                .Number("seconds", SecondsText)
                .Number("mean objective of the batches", epoch => Figures.Value(epoch.Objective!.Value)),
            Rest(data, shown.Count, epochs.Count));
    }

    static Element Steps(ReportData data, List<Curve> curves)
    {
        var shown = Spread(data.History.Points);
        var table = new Table<StepPoint>("Steps", shown)
            .Number("step", step => Figures.Count(step.Step))
            .Number("evaluations", step => Figures.Count(step.Evaluations))
            .Number("epochs", EpochsText)
            .Number("seconds", SecondsText);
        foreach (var curve in curves)
            table.Number(curve.Name.ToLowerInvariant(), step => curve.ValueOf(step) is { } value ? curve.Text(value) : null);
        return Cells.Folded("Table of steps", table, Rest(data, shown.Count, data.History.StepCount));
    }

    /// <summary>As many as a table has room for, evenly spread, the first and the last among them.</summary>
    static IReadOnlyList<StepPoint> Spread(IReadOnlyList<StepPoint> points) => points.Count <= RowsMax ? points
        : [.. Enumerable.Range(0, RowsMax).Select(i => points[(int)((long)i * (points.Count - 1) / (RowsMax - 1))])];

    static Element? Rest(ReportData data, int shown, int all) => shown == all ? null : Cells.Note(
        $"Shown are {Figures.Count(shown)} of {Figures.Count(all)} lines, the first and the last among them: " +
        $"{data.Run}/events.jsonl has all.");

    static string EpochsText(StepPoint point) => point.Epochs.ToString("0.##", CultureInfo.InvariantCulture);

    static string SecondsText(StepPoint point) => point.Seconds.ToString("0.000", CultureInfo.InvariantCulture);
}
