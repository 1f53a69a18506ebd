using System.CommandLine;
using System.Text.Json;
using DistTrain.Cli.Output;
using DistTrain.Cli.Training;
using DistTrain.Problems;

namespace DistTrain.Cli.Commands;

/// <summary>train INPUT…: trains in this process and reports.</summary>
sealed class TrainCommand : Command
{
    readonly TrainOptions _options = new();
    readonly CliEnvironment _environment;

    public TrainCommand(CliEnvironment environment) : base("train", "trains a classifier in this process, and reports how good it is")
    {
        _environment = environment;
        _options.AddTo(this);
        SetAction((parsed, _) => RunAsync(parsed));
    }

    async Task<int> RunAsync(ParseResult parsed)
    {
        var settings = _options.Read(parsed, _environment);
        var talk = new Talk(_environment.Error, settings.IsQuiet);
        if (_options.Warning(parsed) is { } warning) talk.Warn(warning);

        var run = await new TrainingSession(settings, parsed, _environment, talk).RunAsync();

        if (settings.IsJson) WriteJson(run, talk);
        else TrainingReport.Write(_environment.Output, run);
        return (int)ExitCode.Done;
    }

    /// <summary>Training rows with weight have active classes: only the validation part can lack a log-loss.</summary>
    void WriteJson(TrainedRun run, Talk talk)
    {
        if (run.Result.Validation is { } validation && MetricsReport.WarningOf(validation) is { } warning) talk.Warn($"validation: {warning}");
        _environment.Output.WriteLine(JsonSerializer.Serialize(TrainingReport.ToJson(run), ResultJsonContext.Default.TrainResultJson));
    }
}
