using DistTrain.Learning;
using DistTrain.Node.CommandLine;
using DistTrain.Problems;
using DistTrain.Training;

namespace DistTrain.Coordinator.Training;

/// <summary>What a user should know about a result before using it.</summary>
static class RunWarnings
{
    /// <summary>The exit code of a warning is that of a run that is done.</summary>
    public static IEnumerable<Problem> Of(TrainedRun run)
    {
        if (run.Result.Separation is { } separation) yield return NoOptimum(separation, run);
        if (run.Result.Calibration is { IsAtLimit: true } calibration) yield return NoTemperature(calibration);
        if (run is { Calibration: CalibrationKind.Temperature, Result.Calibration: null }) yield return NotCalibrated();
    }

    /// <summary>DT6003.</summary>
    static Problem NoOptimum(Separation separation, TrainedRun run) => new(
        "DT6003", ExitCode.Done, $"there is no optimum without a penalty: {Why(separation, run)}",
        "the longer it trains, the larger the weights; the result is not converged, and its probabilities are too sure",
        "fix: --l2 1e-4, or another penalty above 0");

    /// <summary>DT6010.</summary>
    static Problem NoTemperature(Calibration calibration) => new(
        "DT6010", ExitCode.Done, calibration.Temperature < 1
            ? "no temperature is the best: the model gives every held-out row its own class"
            : "no temperature is the best: on the held-out rows the model is no better than chance",
        $"the temperature is {Figures.Value(calibration.Temperature)}, where the search ended",
        "fix: more held-out rows, or leave --calibrate out");

    /// <summary>DT6011.</summary>
    static Problem NotCalibrated() => new(
        "DT6011", ExitCode.Done, "not calibrated: no held-out row has a log-loss to go by",
        "fix: hold out rows of the classes that training has");

    static string Why(Separation separation, TrainedRun run)
    {
        if (separation is not { Feature: { } feature, ClassIndex: { } k }) return "the model gives every training row its own class";
        var classes = run.Dataset.Classes;
        return $"no training row of class \"{classes.Names[classes.Active[k]]}\" has \"{NameOf(feature, run)}\"";
    }

    static string NameOf(int held, TrainedRun run)
    {
        var feature = run.Dataset.Manifest.Layout.SchemaFeatures[held];
        foreach (var column in run.Dataset.Schema.Columns)
        {
            if (feature < column.FeatureCount) return column.FeatureName(feature);
            feature -= column.FeatureCount;
        }
        throw new ArgumentOutOfRangeException(nameof(held), held, "The schema has no such feature.");
    }
}
