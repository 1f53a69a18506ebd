using DistTrain.Coordinator.Output;
using DistTrain.Learning;
using DistTrain.Learning.Metrics;
using DistTrain.Node.CommandLine;

namespace DistTrain.Coordinator.Reports;

/// <summary>A figure that both parts of the data have.</summary>
/// <param name="TextOf">The figure; null where there is none.</param>
/// <param name="Baseline">What the rows judged come to without looking at any feature; null where there is no such thing.</param>
/// <param name="Meaning">A sentence without its full stop.</param>
sealed record PartMetric(string Name, Func<ClassificationMetrics, string?> TextOf, string? Baseline, string Meaning)
{
    /// <summary>In the order of a table.</summary>
    public static IEnumerable<PartMetric> Of(ReportData data) =>
    [
        new("log-loss", MetricsReport.LogLoss, Reports.Baseline.LogLoss(data.Model, data.Judged) is { } loss ? Figures.Value(loss) : null,
            "mean of −log p(observed class), in nats; the baseline's p is the class's share of the training weight"),
        new("accuracy", metrics => Figures.Share(metrics.Accuracy), Figures.Share(data.Judged.MajorityAccuracy),
            "share of the rows that are given the label observed; the baseline is always " +
            $"“{data.NameOf(data.Model.MajorityClass)}”, the heaviest in training"),
        new("macro-F1", metrics => Figures.Share(metrics.MacroF1), null,
            "mean of F1 over the classes that occur, each counted alike; F1 is the harmonic mean of precision and recall"),
        .. Tops(data),
        new("Brier score", metrics => metrics.BrierScore is { } score ? Figures.Share(score) : null, null,
            "mean of Σ (probability − observed)² over the classes, from 0 (perfect) to 2"),
        new("calibration error", metrics => metrics.ExpectedCalibrationError is { } error ? Figures.Share(error) : null, null,
            "how far the top probability is from the accuracy: mean of the absolute difference over 15 equal-width bins"),
        new("ROC AUC", metrics => metrics.RocAuc is { } area ? Figures.Share(area) : null, "0.50000",
            "mean over the classes of the chance that a row of the class gets a higher probability of it than a row of another class"),
        new("examples", metrics => Figures.Count(metrics.Examples), null, "rows with weight above 0"),
        new("weight", metrics => Figures.Weight(metrics.WeightSum), null, "sum of the rows' weights, by which every row counts"),
    ];

    /// <summary>The best guess alone is no news.</summary>
    static IEnumerable<PartMetric> Tops(ReportData data) => data.Judged.TopAccuracies.Where(top => top.Count > 1).Select(top =>
        new PartMetric(
            $"top-{top.Count} accuracy", metrics => ShareOf(metrics.TopAccuracies.FirstOrDefault(other => other.Count == top.Count)), null,
            $"share of the rows whose class is among the {top.Count} most probable"));

    static string? ShareOf(TopAccuracy? top) => top is null ? null : Figures.Share(top.Accuracy);
}
