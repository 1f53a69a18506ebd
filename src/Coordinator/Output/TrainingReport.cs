using DistTrain.Coordinator.Training;
using DistTrain.Data.Storage;
using DistTrain.Formats;
using DistTrain.Node.CommandLine;
using DistTrain.Training;

namespace DistTrain.Coordinator.Output;

/// <summary>What train prints at the end: data, model, how good, where it is, what to type next.</summary>
static class TrainingReport
{
    public static void Write(TextWriter output, TrainedRun run)
    {
        var (result, dataset) = (run.Result, run.Dataset);
        output.WriteTopic("data", DataLine(result, dataset));
        if (StorageReport.Line(dataset.Manifest) is { } storage) output.WriteTopic("storage", storage);
        output.WriteTopic("model", ModelLine(run));
        output.WriteTopic("objective", ObjectiveLine(result.Objective, result.SuboptimalityBound, result.GradientMax));
        output.WriteTopic("training", MetricsReport.Line(result.Training));
        if (result.Validation is { } validation) output.WriteTopic("held out", MetricsReport.Line(validation));
        if (MetricsReport.MoreLine(result.Validation ?? result.Training) is { } more) output.WriteTopic("", more);
        if (result.Calibration is { } calibration) output.WriteTopic("calibrate", CalibrationLine(calibration));
        if (run.Model.Origin.Synthetic is { } sample) output.WriteTopic("synthetic", Synthetic(sample));
        output.WriteLine();
        PathReport.WriteTables(output, run);
        MetricsReport.WriteTables(output, result.Validation ?? result.Training, dataset.Classes.Names);
        output.WriteLine();
        output.WriteTopic("saved", $"{run.Folder.ModelShown}   parametersSha256 {run.Model.ParametersSha256}");
        if (run.HasReport) output.WriteTopic("report", run.Folder.ReportShown);
        output.WriteTopic("next", $"disttrain predict {run.Folder.Shown} INPUT");
        output.WriteTopic("", $"disttrain evaluate {run.Folder.Shown} INPUT");
        output.WriteTopic("", $"disttrain inspect {run.Folder.Shown}");
    }

    /// <summary>What must stand wherever results of generated data are shown.</summary>
    public static string Synthetic(string sample) => $"{sample} is generated data; its figures say nothing about real preferences";

    public static TrainResultJson ToJson(TrainedRun run)
    {
        var (result, manifest) = (run.Result, run.Dataset.Manifest);
        return new TrainResultJson
        {
            Run = run.Folder.Shown,
            Model = run.Folder.ModelShown,
            Examples = result.Training.Examples,
            Features = manifest.FeatureCount,
            Classes = run.Dataset.Classes.Names,
            Shards = manifest.ShardCount,
            Storage = StorageReport.ToJson(manifest),
            Workers = run.WorkerCount,
            Optimizer = Words.Of(run.Model.Origin.Optimizer),
            Steps = result.Steps,
            Evaluations = result.Evaluations,
            Epochs = result.Epochs,
            Converged = result.Converged,
            StoppedBy = Words.Of(result.StoppedBy),
            Objective = result.Objective,
            SuboptimalityBound = result.SuboptimalityBound,
            GradientMax = result.GradientMax,
            Training = MetricsJson.OfTraining(result.Training, run.Dataset.Classes.Names),
            Validation = result.Validation is { } validation ? MetricsJson.OfValidation(validation, run.Dataset.Classes.Names) : null,
            Calibration = result.Calibration is { } fit ? new CalibrationJson(fit.Temperature, fit.LogLossBefore, fit.LogLossFitted) : null,
            BadRows = run.BadRowCount > 0 ? run.BadRowCount : null,
            Path = PathReport.PathJson(run),
            Folds = run.Folds is { } folds ? FoldsJson.Of(folds) : null,
            Warnings = RunWarnings.Of(run).Select(warning => new WarningJson(warning.Code, warning.Message)).ToArray() is { Length: > 0 } warnings
                ? warnings : null,
            ParametersSha256 = run.Model.ParametersSha256,
            ResumedFromStep = run.ResumedFrom?.Step,
            Seconds = run.Elapsed.TotalSeconds,
            ExamplesPerSecond = run.Elapsed > TimeSpan.Zero ? result.Training.Examples * run.Epochs / run.Elapsed.TotalSeconds : null,
        };
    }

    static string CalibrationLine(Calibration calibration) =>
        $"temperature {Figures.Value(calibration.Temperature)}   held-out log-loss {Figures.Value(calibration.LogLossBefore)} before, " +
        $"{Figures.Value(calibration.LogLossFitted)} after (fitted on the same rows)";

    /// <summary>Counts rows with weight above 0, as the metrics do.</summary>
    static string DataLine(TrainingResult result, Dataset dataset)
    {
        var manifest = dataset.Manifest;
        var held = manifest.ValidationRowCount == 0 ? "nothing held out" : $"{Figures.Count(result.Validation?.Examples ?? 0)} held out";
        var idle = dataset.Classes.Inactive.Length;
        var without = idle == 0 ? "" : $" ({idle} without training rows)";
        return $"{Figures.Count(result.Training.Examples, "example", "examples")} ({held}), " +
            $"{Figures.Count(manifest.FeatureCount, "feature", "features")}, {Figures.Count(dataset.Classes.Count)} classes{without}, " +
            $"{Figures.Count(manifest.ShardCount, "shard", "shards")}";
    }

    static string ModelLine(TrainedRun run)
    {
        var result = run.Result;
        return $"{Words.Of(run.Model.Origin.Optimizer)}, {Figures.Count(result.Steps, "step", "steps")}, " +
            $"{Figures.Count(result.Evaluations, "evaluation", "evaluations")}, stopped by {Words.Of(result.StoppedBy)}, " +
            $"{Figures.Count(run.WorkerCount, "worker", "workers")}, {Figures.Duration(run.Elapsed)}";
    }

    /// <summary>What was reached, how far from the best that can be, and what of the gradient is left.</summary>
    public static string ObjectiveLine(double objective, double? suboptimalityBound, double gradientMax)
    {
        var bound = suboptimalityBound is { } gap ? $"   within {Figures.Small(gap)} of the best possible" : "";
        return $"{Figures.Value(objective)}{bound}   gradient {Figures.Small(gradientMax)}";
    }
}
