using System.Globalization;
using DistTrain.Formats;
using DistTrain.Learning;

namespace DistTrain.Coordinator.Output;

/// <summary>Metrics as --json has them.</summary>
static class MetricsJson
{
    /// <param name="classes">Names of all classes.</param>
    public static PartMetricsJson OfTraining(ClassificationMetrics metrics, IReadOnlyList<string> classes) =>
        new(metrics.LogLoss, metrics.Accuracy, metrics.MacroF1, metrics.Examples)
        {
            TopK = TopK(metrics),
            BrierScore = metrics.BrierScore,
            ExpectedCalibrationError = metrics.ExpectedCalibrationError,
            RocAuc = metrics.RocAuc,
            PerClass = [.. classes.Zip(metrics.PerClass, (name, of) => new ClassScoresJson(name, of.LogLoss, of.RocAuc))],
        };

    /// <param name="classes">Names of all classes.</param>
    public static PartMetricsJson OfValidation(ClassificationMetrics metrics, IReadOnlyList<string> classes) =>
        OfTraining(metrics, classes) with { MajorityAccuracy = metrics.MajorityAccuracy };

    public static EvaluateResultJson OfEvaluation(ClassificationMetrics metrics, SavedModel model) => new(
        metrics.Examples, metrics.LogLoss, metrics.Accuracy, metrics.MacroF1, metrics.MajorityAccuracy,
        Rows(metrics.Confusion),
        [
            .. model.Classes.Names.Zip(
                metrics.PerClass,
                (name, of) => new ClassMetricsJson(name, of.Precision, of.Recall, of.F1, of.Support, of.LogLoss, of.RocAuc)),
        ])
    {
        TopK = TopK(metrics),
        BrierScore = metrics.BrierScore,
        ExpectedCalibrationError = metrics.ExpectedCalibrationError,
        RocAuc = metrics.RocAuc,
        Reliability = metrics.Reliability,
        Temperature = model.Temperature,
    };

    static Dictionary<string, double>? TopK(ClassificationMetrics metrics) => metrics.TopAccuracies.IsEmpty
        ? null
        : metrics.TopAccuracies.ToDictionary(top => top.Count.ToString(CultureInfo.InvariantCulture), top => top.Accuracy);

    static double[][] Rows(double[,] matrix) =>
    [
        .. Enumerable.Range(0, matrix.GetLength(0))
            .Select(i => Enumerable.Range(0, matrix.GetLength(1)).Select(j => matrix[i, j]).ToArray()),
    ];
}
