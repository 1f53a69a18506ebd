using DistTrain.Learning;

namespace DistTrain.Cli.Output;

/// <summary>How good a model is, in words and tables.</summary>
static class MetricsReport
{
    /// <summary>Most classes whose confusion matrix still fits a screen.</summary>
    const int ConfusionClassesMax = 12;

    /// <summary>One line: what always answering the training part's heaviest class would reach stands beside the accuracy.</summary>
    public static string Line(ClassificationMetrics metrics) =>
        $"log-loss {LogLoss(metrics)}   accuracy {Figures.Share(metrics.Accuracy)} (majority class {Figures.Share(metrics.MajorityAccuracy)})" +
        $"   macro-F1 {Figures.Share(metrics.MacroF1)}";

    /// <summary>Precision, recall, F1 and support of each class, then the confusion matrix where it is small.</summary>
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

    static void WritePerClass(TextWriter output, ClassificationMetrics metrics, IReadOnlyList<string> classes)
    {
        var table = new TextTable("class", "precision", "recall", "F1", "support");
        foreach (var (name, values) in classes.Zip(metrics.PerClass))
        {
            table.Add(
                name, Figures.Share(values.Precision), Figures.Share(values.Recall), Figures.Share(values.F1), Figures.Weight(values.Support));
        }
        table.Write(output);
    }

    static void WriteConfusion(TextWriter output, ClassificationMetrics metrics, IReadOnlyList<string> classes)
    {
        var table = new TextTable(["observed \\ label", .. classes]);
        for (var i = 0; i < classes.Count; i++)
            table.Add([classes[i], .. Enumerable.Range(0, classes.Count).Select(j => Figures.Weight(metrics.Confusion[i, j]))]);
        table.Write(output);
    }
}
