using System.Diagnostics;
using DistTrain.Coordinator.Training;
using DistTrain.Node.CommandLine;

namespace DistTrain.Coordinator.Output;

/// <summary>What stands on stdout when a run has ended, for people or as one JSON object.</summary>
static class ResultOutput
{
    public static void Write(SessionEnd end, bool isJson, CliEnvironment environment, Talk talk)
    {
        switch (end)
        {
            case SessionEnd.Now(var run) when isJson: WriteJson(run, environment, talk); break;
            case SessionEnd.Now(var run): TrainingReport.Write(environment.Output, run); break;
            case SessionEnd.Before before when isJson: environment.Output.WriteLine(before.Result.ToString()); break;
            case SessionEnd.Before { Folder: var folder }: RunReport.Write(environment.Output, folder.Shown, folder.FullPath); break;
            default: throw new UnreachableException($"Unknown end {end}.");
        }
    }

    /// <summary>Training rows with weight have active classes: only the validation part can lack a log-loss.</summary>
    static void WriteJson(TrainedRun run, CliEnvironment environment, Talk talk)
    {
        if (run.Result.Validation is { } validation && MetricsReport.WarningOf(validation) is { } warning)
            talk.Warn($"validation: {warning}");
        environment.Output.WriteLine(JsonLines.TextOf(TrainingReport.ToJson(run), ResultJsonContext.Default.TrainResultJson));
    }
}
