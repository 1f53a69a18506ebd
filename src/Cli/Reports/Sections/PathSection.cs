using DistTrain.Cli.Output;
using DistTrain.Cli.Reports.Charts;
using DistTrain.Cli.Reports.Markup;
using DistTrain.Formats;
using DistTrain.Training;

namespace DistTrain.Cli.Reports.Sections;

/// <summary>The penalties tried, where there were several.</summary>
static class PathSection
{
    public static Element? Of(ReportData data) => data.Result.Path.IsDefaultOrEmpty ? null : new("section", ("id", "path"),
        new Element("h2", "The penalties tried"),
        new Element("p", $"Each λ₂ was trained from where the larger one before it had arrived, and judged by the rows held out. The model is of λ₂ = {L2(data.Result.L2)}."),
        Chart(data),
        Table(data));

    static Element? Chart(ReportData data)
    {
        var points = data.Result.Path.Where(point => point.L2 > 0 && double.IsFinite(point.LogLoss)).OrderBy(point => point.L2).ToList();
        if (points.Count < 2) return null;
        var text = $"Log-loss on the rows held out by λ₂: {string.Join(", ", points.Take(20).Select(point => $"{Figures.Value(point.LogLoss)} at {L2(point.L2)}"))}. The numbers are in the table below.";
        return new("div", ("class", "charts"),
            new Element("figure",
                new Element("figcaption", new Element("b", "Log-loss, held out"), " (nats), by λ₂ (log scale)"),
                LineChart.Draw(
                    text, "λ₂", [new Line("s2", [.. points.Select(point => (point.L2, point.LogLoss))])],
                    data.Result.L2 > 0 ? [(data.Result.L2, "chosen")] : [], across: new LogScale(points[0].L2, points[^1].L2))));
    }

    static Element Table(ReportData data) => Cells.Table("Penalties in the order of training",
        [
            Cells.NumberHeading("λ₂"), Cells.NumberHeading("log-loss"), Cells.NumberHeading("accuracy"), Cells.NumberHeading("macro-F1"), Cells.NumberHeading("objective"),
            Cells.NumberHeading("steps"), Cells.NumberHeading("evaluations"), Cells.Heading("stopped by"), Cells.Heading(""),
        ],
        data.Result.Path.Select(point => Row(point)));

    static Element Row(PathPoint point) => Cells.Row(
        ("class", point.IsChosen ? "typed" : "untyped"),
        Cells.Number(L2(point.L2)), Cells.Number(double.IsFinite(point.LogLoss) ? Figures.Value(point.LogLoss) : "not known"), Cells.Number(Figures.Share(point.Accuracy)),
        Cells.Number(Figures.Share(point.MacroF1)), Cells.Number(point.Objective is { } objective ? Figures.Value(objective) : ""),
        Cells.Number(Figures.Count(point.Steps)), Cells.Number(Figures.Count(point.Evaluations)), Cells.Words(Words.Of(point.StoppedBy)),
        Cells.Words(point.IsChosen ? "chosen" : ""));

    static string L2(double value) => value.ToString("0.####e0", System.Globalization.CultureInfo.InvariantCulture);
}
