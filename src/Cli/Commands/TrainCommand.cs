using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.Json;
using DistTrain.Cli.Training;
using DistTrain.Coordinator.Commands;
using DistTrain.Coordinator.Output;
using DistTrain.Coordinator.Runs;
using DistTrain.Coordinator.Training;
using DistTrain.Node.CommandLine;
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

    Task<int> RunAsync(ParseResult parsed) =>
        parsed.GetValue(_options.Resume) is { } run
            ? ResumeAsync(run, parsed)
            : TrainAsync(parsed, null, _environment, parsed.GetValue(_options.DryRun));

    /// <summary>Goes on with a run by its own command line; relative paths in that start where they did then.</summary>
    Task<int> ResumeAsync(string typedRun, ParseResult typed)
    {
        var stored = StoredRun.Open(typedRun, _environment);
        ProblemsFoundException.ThrowIfAny(ResumeOptions.Objections(typed, stored));
        if (stored.Result is { } result) return Task.FromResult(Tell(stored, result, typed.GetValue(_options.Json)));

        var begun = CommandLineParser.Parse(this, stored.Arguments, CommandProgram.Parsing);
        var parsed = CommandLineParser.Parse(this, ResumeOptions.Merge(begun, typed, stored.Folder, _environment), CommandProgram.Parsing);
        ProblemsFoundException.ThrowIfAny(ParseProblems.In(parsed));
        var directory = Directory.Exists(stored.Directory) ? stored.Directory : _environment.Directory;
        return TrainAsync(parsed, stored, _environment with { Directory = directory }, typed.GetValue(_options.DryRun));
    }

    async Task<int> TrainAsync(ParseResult parsed, StoredRun? stored, CliEnvironment environment, bool isDryRun)
    {
        var settings = _options.Read(parsed);
        var problems = _options.Problems(parsed, settings, environment);
        var talk = new Talk(_environment.Error, settings.IsQuiet);
        if (!isDryRun) ProblemsFoundException.ThrowIfAny(problems);
        if (_options.Warning(parsed) is { } warning) talk.Warn(warning);
        if (isDryRun)
        {
            await new DryRun(settings, stored, environment, talk).RunAsync(problems);
            return (int)ExitCode.Done;
        }

        var run = await new TrainingSession(settings, parsed, stored, new LocalTraining(), environment, talk).RunAsync();

        if (settings.IsJson) WriteJson(run, talk);
        else TrainingReport.Write(_environment.Output, run);
        return (int)ExitCode.Done;
    }

    /// <summary>A run that is finished has nothing to go on with: its result is shown again.</summary>
    int Tell(StoredRun run, JsonElement result, bool isJson)
    {
        if (isJson) _environment.Output.WriteLine(result.ToString());
        else RunReport.Write(_environment.Output, run.Folder.Shown, run.Folder.FullPath);
        return (int)ExitCode.Done;
    }

    /// <summary>Training rows with weight have active classes: only the validation part can lack a log-loss.</summary>
    void WriteJson(TrainedRun run, Talk talk)
    {
        if (run.Result.Validation is { } validation && MetricsReport.WarningOf(validation) is { } warning)
            talk.Warn($"validation: {warning}");
        _environment.Output.WriteLine(JsonSerializer.Serialize(TrainingReport.ToJson(run), JsonLines.Results.TrainResultJson));
    }
}
