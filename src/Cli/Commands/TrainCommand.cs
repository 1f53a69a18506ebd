using System.CommandLine;
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
        foreach (var option in NotYet.Placeholders(NodeOptions.Names)) Add(option);
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
        if (stored.Result is { } result)
        {
            var talk = new Talk(_environment.Error, typed.GetValue(_options.Quiet));
            ResultOutput.Write(new SessionEnd.Before(stored.Folder, result), typed.GetValue(_options.Json), _environment, talk);
            return Task.FromResult((int)ExitCode.Done);
        }
        var (parsed, environment) = ResumeOptions.Complete(typed, stored, _environment);
        return TrainAsync(parsed, stored, environment, typed.GetValue(_options.DryRun));
    }

    async Task<int> TrainAsync(ParseResult parsed, StoredRun? stored, CliEnvironment environment, bool isDryRun)
    {
        var settings = _options.Read(parsed, environment);
        var problems = _options.Problems(parsed, settings, environment);
        var talk = new Talk(_environment.Error, settings.IsQuiet);
        if (!isDryRun) ProblemsFoundException.ThrowIfAny(problems);
        if (_options.Warning(parsed) is { } warning) talk.Warn(warning);
        if (isDryRun)
        {
            await new DryRun(settings, stored, environment, talk).RunAsync(problems);
            return (int)ExitCode.Done;
        }

        using var trainer = new LocalTraining();
        var end = await new TrainingSession(settings, parsed, stored, trainer, environment, talk).RunAsync();
        ResultOutput.Write(end, settings.IsJson, _environment, talk);
        return (int)ExitCode.Done;
    }
}
