using DistTrain.Coordinator.Reports.Charts;
using DistTrain.Coordinator.Reports.Markup;
using DistTrain.Node.CommandLine;

namespace DistTrain.Coordinator.Reports.Sections;

/// <summary>How good the model is: both parts beside what needs no features, then each class.</summary>
static class QualitySection
{
    const int ClassesMax = 30;

    public static Element Of(ReportData data) => new("section", ("id", "quality"),
        new Element("h2", "How good it is"),
        new Element("div", ("class", "pair"), Parts(data), PerClass(data)));

    static Element Parts(ReportData data)
    {
        var (training, held) = (data.Result.Training, data.Result.Validation);
        var metrics = PartMetric.Of(data)
            .Where(metric => metric.TextOf(training) is not null || metric.TextOf(data.Judged) is not null).ToList();
        return new("div",
            new Element("h3", "All rows"),
            new Table<PartMetric>("Metrics of each part of the data", metrics)
                .Name("metric", metric => metric.Name)
                .Number("training", metric => metric.TextOf(training))
                .Number("held out", metric => held is null ? null : metric.TextOf(held))
                .Number("baseline", metric => metric.Baseline),
            Cells.Folded("What the figures mean", new Element("ul", metrics.Select(Meaning))));
    }

    static Element Meaning(PartMetric metric) => new("li", new Element("b", metric.Name), $": {metric.Meaning}.");

    static Element PerClass(ReportData data)
    {
        var (metrics, shown) = (data.Judged.PerClass, ShownClasses.Of(data, ClassesMax));
        return new("div",
            new Element("h3", data.IsHeldOut ? "Each class, held out" : "Each class, training"),
            new Table<int>("Figures of each class", shown.Numbers)
                .Name("class", data.NameOf)
                .Number("precision", k => Figures.Share(metrics[k].Precision))
                .Number("recall", k => Figures.Share(metrics[k].Recall))
                .Number("F1", k => Figures.Share(metrics[k].F1))
                .Bar(k => Bar.Of(metrics[k].F1))
                .Number("log-loss", k => metrics[k].LogLoss is { } loss ? Figures.Share(loss) : null)
                .Number("AUC", k => metrics[k].RocAuc is { } area ? Figures.Share(area) : null)
                .Number("support", k => Figures.Weight(metrics[k].Support)),
            Cells.Note(
                $"Bars show F1. Support is the weight of the class's rows.{shown.Rest($"disttrain evaluate {data.Run} INPUT")}"));
    }
}
