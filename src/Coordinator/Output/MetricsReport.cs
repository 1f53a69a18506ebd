using System.Globalization;
using DistTrain.Learning;
using DistTrain.Learning.Metrics;
using DistTrain.Node.CommandLine;

namespace DistTrain.Coordinator.Output;

/// <summary>How good a model is, in words and tables.</summary>
static class MetricsReport
{
    /// <summary>Most classes whose confusion matrix still fits a screen.</summary>
    const int ConfusionClassesMax = 12;

    /// <summary>One line: what always answering the training part's heaviest class would reach stands beside the accuracy.</summary>
    public static string Line(ClassificationMetrics metrics) =>
        $"log-loss {LogLoss(metrics)}   accuracy {Figures.Share(metrics.Accuracy)} (majority class {Figures.Share(metrics.MajorityAccuracy)})" +
        $"   macro-F1 {Figures.Share(metrics.MacroF1)}";

    /// <summary>
    /// What more there is to say: top-k accuracies, ROC AUC, Brier score and calibration error; null where there is none.
    /// </summary>
    public static string? MoreLine(ClassificationMetrics metrics)
    {
        if (metrics is not { BrierScore: { } brier, ExpectedCalibrationError: { } gap }) return null;
        var tops = metrics.TopAccuracies.Where(top => top.Count > 1)
            .Select(top => string.Create(CultureInfo.InvariantCulture, $"top-{top.Count} accuracy {Figures.Share(top.Accuracy)}"));
        return string.Join(
            "   ", [.. tops, .. RocAuc(metrics), $"Brier {Figures.Share(brier)}", $"calibration error {Figures.Share(gap)}"]);
    }

    /// <summary>Precision, recall, F1, log-loss, ROC AUC and support of each class, then the confusion matrix where it is small.</summary>
    /// <param name="classes">Names of all classes.</param>
    public static void WriteTables(TextWriter output, ClassificationMetrics metrics, IReadOnlyList<string> classes)
    {
        WritePerClass(output, metrics, classes);
        if (classes.Count > ConfusionClassesMax) return;
        output.WriteLine();
        WriteConfusion(output, metrics, classes);
    }

    /// <summary>Why figures without words have no log-loss; null where nothing is amiss.</summary>
    public static string? WarningOf(ClassificationMetrics metrics) =>
        metrics.LogLoss is not null ? null : $"no logLoss: it is {LogLoss(metrics)}";

    /// <summary>The log-loss, or why there is none.</summary>
    public static string LogLoss(ClassificationMetrics metrics) => metrics switch
    {
        { LogLoss: { } loss } => Figures.Value(loss),
        { ImpossibleExamples: > 0 and var rows } => $"infinite ({Figures.Count(rows, "row", "rows")} of a class without training rows)",
        { WeightSum: 0 } => "undefined (no row has weight)",
        _ => "too large to be added up (a row's features are out of all proportion)",
    };

    static IEnumerable<string> RocAuc(ClassificationMetrics metrics) =>
        metrics.RocAuc is { } area ? [$"ROC AUC {Figures.Share(area)}"]
        : metrics.PerClass.Length > RankingSums.ClassesMax ? [$"ROC AUC not measured for more than {RankingSums.ClassesMax} classes"]
        : [];

    /// <summary>Areas have a column where there are any; a figure without value has an empty cell.</summary>
    static void WritePerClass(TextWriter output, ClassificationMetrics metrics, IReadOnlyList<string> classes)
    {
        string[] areaHeading = metrics.RocAuc is null ? [] : ["ROC AUC"];
        var table = new TextTable(["class", "precision", "recall", "F1", "log-loss", .. areaHeading, "support"]);
        foreach (var (name, values) in classes.Zip(metrics.PerClass))
        {
            string[] area = metrics.RocAuc is null ? [] : [Share(values.RocAuc)];
            table.Add(
            [
                name, Figures.Share(values.Precision), Figures.Share(values.Recall), Figures.Share(values.F1), Share(values.LogLoss),
                .. area, Figures.Weight(values.Support),
            ]);
        }
        table.Write(output);
    }

    static string Share(double? value) => value is { } known ? Figures.Share(known) : "";

    static void WriteConfusion(TextWriter output, ClassificationMetrics metrics, IReadOnlyList<string> classes)
    {
        var table = new TextTable(["observed \\ label", .. classes]);
        for (var i = 0; i < classes.Count; i++)
            table.Add([classes[i], .. Enumerable.Range(0, classes.Count).Select(j => Figures.Weight(metrics.Confusion[i, j]))]);
        table.Write(output);
    }
}
