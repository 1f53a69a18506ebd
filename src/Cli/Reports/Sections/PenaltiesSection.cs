using DistTrain.Cli.Output;
using DistTrain.Cli.Reports.Charts;
using DistTrain.Cli.Reports.Markup;

namespace DistTrain.Cli.Reports.Sections;

/// <summary>The penalties tried, where there were several.</summary>
static class PenaltiesSection
{
    const int RowsMax = 60;

    /// <summary>Up to so many points a text alternative names one by one.</summary>
    const int NamedMax = 20;

    public static Element? Of(ReportData data) => data.Penalties.IsEmpty ? null : new("section", ("id", "penalties"),
        new Element("h2", "The penalties tried"),
        new Element("p", $"Each λ₂ was trained from where the larger one before it had arrived, and judged by {Judge(data)}. The model is of λ₂ = {Figures.Penalty(data.Result.L2)}."),
        Chart(data),
        Table(data));

    static string Judge(ReportData data) =>
        data.Folds is { } folds ? $"its mean log-loss over {Figures.Count(folds.Each.Count, "fold", "folds")}" : "its log-loss on the rows held out";

    /// <summary>Only what has a place on both axes.</summary>
    static Element? Chart(ReportData data)
    {
        var points = data.Penalties.Where(point => point.L2 > 0 && point.LogLoss is not null).OrderBy(point => point.L2)
            .Select(point => (X: point.L2, Y: point.LogLoss!.Value)).ToList();
        if (points.Count < 2) return null;
        var name = data.Folds is null ? "Log-loss, held out" : "Log-loss, mean over the folds";
        var named = string.Join(", ", points.Take(NamedMax).Select(point => $"{Figures.Value(point.Y)} at {Figures.Penalty(point.X)}"));
        return new("div", ("class", "charts"),
            new Element("figure",
                new Element("figcaption", new Element("b", name), " (nats), by λ₂ (log scale)"),
                LineChart.Draw(
                    $"{name}, by λ₂: {named}. The numbers are in the table below.", "λ₂", [new Line("s2", points)],
                    data.Result.L2 > 0 ? [(data.Result.L2, "chosen")] : [], across: new LogScale(points[0].X, points[^1].X))));
    }

    static Fragment Table(ReportData data)
    {
        var shown = data.Penalties.Index().OrderBy(point => point.Item.LogLoss ?? double.PositiveInfinity).Take(RowsMax).OrderBy(point => point.Index).ToList();
        return new(
            Cells.Table("Penalties",
                [
                    Cells.NumberHeading("λ₂"), Cells.NumberHeading("log-loss"), data.Folds is null ? null : Cells.NumberHeading("± std. dev."), Cells.NumberHeading("accuracy"),
                    Cells.NumberHeading("macro-F1"), Cells.NumberHeading("objective"), Cells.NumberHeading("steps"), Cells.NumberHeading("evaluations"),
                    Cells.Heading("stopped by"), new Element("td"),
                ],
                shown.Select(point => Row(data, point.Item))),
            shown.Count < data.Penalties.Length
                ? Cells.Note($"Shown are the {Figures.Count(shown.Count)} of the least log-loss; {Figures.Count(data.Penalties.Length - shown.Count)} more are left out: {data.Run}/result.json has all.")
                : null);
    }

    static Element Row(ReportData data, PathPointJson point) => Cells.Row(
        ("class", point.Chosen ? "typed" : "untyped"),
        Cells.Number(Figures.Penalty(point.L2)), Cells.Number(point.LogLoss is { } loss ? Figures.Value(loss) : "infinite"),
        data.Folds is null ? null : Cells.Number(point.LogLossDeviation is { } deviation ? Figures.Small(deviation) : ""),
        Cells.Number(Figures.Share(point.Accuracy)), Cells.Number(Figures.Share(point.MacroF1)),
        Cells.Number(point.Objective is { } objective ? Figures.Value(objective) : ""),
        Cells.Number(Figures.Mean(point.Steps)), Cells.Number(Figures.Mean(point.Evaluations)), Cells.Words(point.StoppedBy ?? ""),
        Cells.Words(point.Chosen ? "chosen" : ""));
}
