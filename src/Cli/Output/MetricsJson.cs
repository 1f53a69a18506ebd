using DistTrain.Learning;

namespace DistTrain.Cli.Output;

/// <summary>Metrics as --json has them.</summary>
static class MetricsJson
{
    public static PartMetricsJson OfTraining(ClassificationMetrics metrics) =>
        new(metrics.LogLoss, metrics.Accuracy, metrics.MacroF1, metrics.Examples);

    public static PartMetricsJson OfValidation(ClassificationMetrics metrics) =>
        OfTraining(metrics) with { MajorityAccuracy = metrics.MajorityAccuracy };

    /// <param name="classes">Names of all classes.</param>
    public static EvaluateResultJson OfEvaluation(ClassificationMetrics metrics, IReadOnlyList<string> classes) => new(
        metrics.Examples, metrics.LogLoss, metrics.Accuracy, metrics.MacroF1, metrics.MajorityAccuracy,
        Rows(metrics.Confusion),
        [.. classes.Zip(metrics.PerClass, (name, of) => new ClassMetricsJson(name, of.Precision, of.Recall, of.F1, of.Support))]);

    static double[][] Rows(double[,] matrix) =>
    [
        .. Enumerable.Range(0, matrix.GetLength(0))
            .Select(i => Enumerable.Range(0, matrix.GetLength(1)).Select(j => matrix[i, j]).ToArray()),
    ];
}
