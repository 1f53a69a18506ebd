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
        [.. Enumerable.Range(0, classes.Count).Select(i => Enumerable.Range(0, classes.Count).Select(j => metrics.Confusion[i, j]).ToArray())],
        [.. classes.Zip(metrics.PerClass, (name, values) => new ClassMetricsJson(name, values.Precision, values.Recall, values.F1, values.Support))]);
}
