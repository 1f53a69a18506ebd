using DistTrain.Coordinator.Output;
using DistTrain.Coordinator.Reports.Charts;
using DistTrain.Coordinator.Reports.Markup;
using DistTrain.Node.CommandLine;

namespace DistTrain.Coordinator.Reports.Sections;

/// <summary>The penalties tried, where there were several.</summary>
static class PenaltiesSection
{
    const int RowsMax = 60;

    /// <summary>Up to so many points a text alternative names one by one.</summary>
    const int NamedMax = 20;

    public static Element? Of(ReportData data) => data.Penalties.IsEmpty ? null : new("section", ("id", "penalties"),
        new Element("h2", "The penalties tried"),
        new Element("p",
            $"Each λ₂ was trained from where the larger one before it had arrived, and judged by {Judge(data)}. " +
            $"The model is of λ₂ = {Figures.Penalty(data.Result.L2)}."),
        Chart(data),
        Table(data));

    static string Judge(ReportData data) => data.Folds is { } folds
        ? $"its mean log-loss over {Figures.Count(folds.Each.Count, "fold", "folds")}"
        : "its log-loss on the rows held out";

    /// <summary>Only what has a place on both axes.</summary>
    static Element? Chart(ReportData data)
    {
        var points = data.Penalties.Where(point => point.L2 > 0 && point.LogLoss is not null).OrderBy(point => point.L2)
            .Select(point => (X: point.L2, Y: point.LogLoss!.Value)).ToList();
        if (points.Count < 2) return null;
        var name = data.Folds is null ? "Log-loss, held out" : "Log-loss, mean over the folds";
        var named = string.Join(", ", points.Take(NamedMax).Select(point => $"{Figures.Value(point.Y)} at {Figures.Penalty(point.X)}"));
        var options = new LineChartOptions
        {
            Across = new LogScale(points[0].X, points[^1].X),
            Marks = data.Result.L2 > 0 ? [(data.Result.L2, "chosen")] : [],
        };
        return new("div", ("class", "charts"), Cells.Figure(name, "(nats), by λ₂ (log scale)", LineChart.Draw(
            $"{name}, by λ₂: {named}. The numbers are in the table below.", "λ₂", [new Line("s2", points)], options)));
    }

    static Fragment Table(ReportData data)
    {
        var shown = data.Penalties.Index().OrderBy(point => point.Item.LogLoss ?? double.PositiveInfinity).Take(RowsMax)
            .OrderBy(point => point.Index).Select(point => point.Item).ToList();
        var leftOut = data.Penalties.Length - shown.Count;
        return new(
            new Table<PathPointJson>("Penalties", shown)
                .Strong(point => point.Chosen)
                .Number("λ₂", point => Figures.Penalty(point.L2))
                .Number("log-loss", point => point.LogLoss is { } loss ? Figures.Value(loss) : "infinite")
                .Number("± std. dev.", point => point.LogLossDeviation is { } deviation ? Figures.Small(deviation) : null)
                .Number("accuracy", point => Figures.Share(point.Accuracy))
                .Number("macro-F1", point => Figures.Share(point.MacroF1))
                .Number("objective", point => point.Objective is { } objective ? Figures.Value(objective) : null)
                .Number("steps", point => Figures.Mean(point.Steps))
                .Number("evaluations", point => Figures.Mean(point.Evaluations))
                .Words("stopped by", point => point.StoppedBy)
                .Words("", point => point.Chosen ? "chosen" : null),
            leftOut == 0 ? null : Cells.Note(
                $"Shown are the {Figures.Count(shown.Count)} of the least log-loss; {Figures.Count(leftOut)} more are left out: " +
                $"{data.Run}/result.json has all."));
    }
}
