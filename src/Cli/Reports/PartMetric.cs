using DistTrain.Cli.Output;
using DistTrain.Learning;

namespace DistTrain.Cli.Reports;

/// <summary>A figure that both parts of the data have.</summary>
/// <param name="TextOf">The figure; null where there is none.</param>
/// <param name="Without">What the rows judged come to without looking at any feature; null where there is no such thing.</param>
/// <param name="Meaning">A sentence without its full stop.</param>
sealed record PartMetric(string Name, Func<ClassificationMetrics, string?> TextOf, string? Without, string Meaning)
{
    /// <summary>In the order of a table.</summary>
    public static IEnumerable<PartMetric> Of(ReportData data) =>
    [
        new("log-loss", MetricsReport.LogLoss, Baseline.LogLoss(data.Model, data.Judged) is { } loss ? Figures.Value(loss) : null,
            "mean of −log p(observed class), in nats; without features p is the class's share of the training weight"),
        new("accuracy", metrics => Figures.Share(metrics.Accuracy), Figures.Share(data.Judged.MajorityAccuracy),
            $"share of the rows that are given the label observed; without features it is always “{data.Classes[data.Model.MajorityClass]}”, the heaviest in training"),
        new("macro-F1", metrics => Figures.Share(metrics.MacroF1), null,
            "mean of F1 over the classes that occur, each counted alike; F1 is the harmonic mean of precision and recall"),
        new("examples", metrics => Figures.Count(metrics.Examples), null, "rows with weight above 0"),
        new("weight", metrics => Figures.Weight(metrics.WeightSum), null, "sum of the rows' weights, by which every row counts"),
    ];
}
