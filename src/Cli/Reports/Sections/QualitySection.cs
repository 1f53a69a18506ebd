using DistTrain.Cli.Output;
using DistTrain.Cli.Reports.Charts;
using DistTrain.Cli.Reports.Markup;
using DistTrain.Learning;

namespace DistTrain.Cli.Reports.Sections;

/// <summary>How good the model is: both parts beside what needs no features, then each class.</summary>
static class QualitySection
{
    const int ClassesMax = 30;

    public static Element Of(ReportData data) => new("section", ("id", "quality"),
        new Element("h2", "How good it is"),
        new Element("div", ("class", "pair"), Parts(data), PerClass(data)));

    static Element Parts(ReportData data)
    {
        var parts = new List<(string Name, ClassificationMetrics Metrics)> { ("training", data.Result.Training) };
        if (data.Result.Validation is { } held) parts.Add(("held out", held));
        var metrics = PartMetric.Of(data).Where(metric => parts.Exists(part => metric.TextOf(part.Metrics) is not null)).ToList();
        return new("div",
            new Element("h3", "All rows"),
            Cells.Table("Metrics of each part of the data",
                [Cells.Heading("metric"), .. parts.Select(part => Cells.NumberHeading(part.Name)), Cells.NumberHeading("baseline")],
                metrics.Select(metric => Cells.Row(
                    [Cells.Name(metric.Name), .. parts.Select(part => Cells.Number(metric.TextOf(part.Metrics) ?? "")), Cells.Number(metric.Baseline ?? "")]))),
            Cells.Folded("What the figures mean", new Element("ul", metrics.Select(metric => new Element("li", new Element("b", metric.Name), $": {metric.Meaning}.")))));
    }

    static Element PerClass(ReportData data)
    {
        var metrics = data.Judged.PerClass;
        var shown = ShownClasses.Of(data, ClassesMax);
        var (hasLoss, hasArea) = (metrics.Any(of => of.LogLoss is not null), metrics.Any(of => of.RocAuc is not null));
        return new("div",
            new Element("h3", data.IsHeldOut ? "Each class, held out" : "Each class, training"),
            Cells.Table("Figures of each class",
                [
                    Cells.Heading("class"), Cells.NumberHeading("precision"), Cells.NumberHeading("recall"), Cells.NumberHeading("F1"), Cells.BarHeading(),
                    hasLoss ? Cells.NumberHeading("log-loss") : null, hasArea ? Cells.NumberHeading("AUC") : null, Cells.NumberHeading("support"),
                ],
                shown.Numbers.Select(k => Row(k, metrics[k]))),
            Cells.Note($"Bars show F1. Support is the weight of the class's rows.{shown.Rest($"disttrain evaluate {data.Run} INPUT")}"));

        Element Row(int k, ClassMetrics of) => Cells.Row(
            Cells.Name(data.NameOf(k)), Cells.Number(Figures.Share(of.Precision)), Cells.Number(Figures.Share(of.Recall)), Cells.Number(Figures.Share(of.F1)),
            Cells.Words(("class", "bar extra"), Bar.Of(of.F1)),
            hasLoss ? Cells.Number(of.LogLoss is { } loss ? Figures.Share(loss) : "") : null,
            hasArea ? Cells.Number(of.RocAuc is { } area ? Figures.Share(area) : "") : null, Cells.Number(Figures.Weight(of.Support)));
    }
}
