using System.Collections.Immutable;
using System.CommandLine;
using DistTrain.Coordinator.Output;
using DistTrain.Coordinator.Runs;
using DistTrain.Coordinator.Training;
using DistTrain.Node.Cluster;
using DistTrain.Node.CommandLine;
using DistTrain.Node.Hosting;
using DistTrain.Problems;

namespace DistTrain.Coordinator.Commands;

/// <summary>coordinator INPUT…: conducts a run that worker processes train, and reports as train does.</summary>
sealed class CoordinatorCommand : Command
{
    readonly TrainOptions _options = new();
    readonly NodeOptions _node = new(NodeRoles.Coordinator);
    readonly Option<int> _minWorkers = CliOption.Count("--min-workers", "workers to wait for before training starts", 1);
    readonly CliEnvironment _environment;

    public CoordinatorCommand(CliEnvironment environment)
        : base(CoordinatorRoot.CommandName, "conducts a run on a cluster of workers, and reports how good the model is")
    {
        _environment = environment;
        _options.Workers.Hidden = true;
        _options.AddTo(this);
        Add(_minWorkers);
        _node.AddTo(this);
        SetAction((parsed, _) => RunAsync(parsed));
    }

    Task<int> RunAsync(ParseResult typed)
    {
        if (RunNamedBy(typed) is not { } stored) return ConductAsync(typed, typed, null, _environment);
        var isResumed = typed.GetValue(_options.Resume) is not null;
        ProblemsFoundException.ThrowIfAny(
            isResumed ? ResumeOptions.Objections(typed, stored) : ResumeOptions.ObjectionsToAll(typed, stored));
        if (stored.Result is { } result)
        {
            var talk = new Talk(_environment.Error, typed.GetValue(_options.Quiet));
            ResultOutput.Write(new SessionEnd.Before(stored.Folder, result), typed.GetValue(_options.Json), _environment, talk);
            return Task.FromResult((int)ExitCode.Done);
        }
        var (parsed, environment) = isResumed ? ResumeOptions.Complete(typed, stored, _environment) : (typed, _environment);
        return ConductAsync(parsed, typed, stored, environment);
    }

    /// <summary>The run to go on with: that of --resume, else one that is in the folder of --out already.</summary>
    StoredRun? RunNamedBy(ParseResult typed)
    {
        if (typed.GetValue(_options.Resume) is { } run) return StoredRun.Open(run, _environment);
        return typed.GetValue(_options.Out) is { Length: > 0 } folder && RunFolder.HoldsRun(_environment.FullPath(folder))
            ? StoredRun.Open(folder, _environment, "--out")
            : null;
    }

    /// <param name="typed">What this call of the program was told, without what a resumed run adds.</param>
    async Task<int> ConductAsync(ParseResult parsed, ParseResult typed, StoredRun? stored, CliEnvironment environment)
    {
        var (settings, node) = (SettingsOf(parsed, stored, environment), _node.Read(parsed));
        ImmutableArray<Problem> problems =
            [.. node.Problems(), .. ProblemsOfCluster(settings, node, stored), .. _options.Problems(parsed, settings, environment)];
        var logs = LogsOf(parsed);
        var talk = new Talk(logs == LogFormat.Json ? new JsonTalkWriter(_environment.Error, _environment.Clock) : _environment.Error, settings.IsQuiet);
        var isDryRun = typed.GetValue(_options.DryRun);
        if (!isDryRun) ProblemsFoundException.ThrowIfAny(problems);
        foreach (var warning in WarningsOf(parsed, node)) talk.Warn(warning);
        if (isDryRun)
        {
            await new DryRun(settings, stored, environment, talk).RunAsync(problems);
            return (int)ExitCode.Done;
        }

        await using var trainer = new ClusterTraining(node, settings.WorkerCount, logs, talk);
        var end = await new TrainingSession(settings with { ShowsLog = logs is not null }, parsed, stored, trainer, environment, talk).RunAsync();
        ResultOutput.Write(end, settings.IsJson, _environment, talk);
        return (int)ExitCode.Done;
    }

    /// <summary>A run that is gone on with in its own folder has that already.</summary>
    TrainSettings SettingsOf(ParseResult parsed, StoredRun? stored, CliEnvironment environment)
    {
        var settings = _options.Read(parsed, environment) with { IsCluster = true, WorkerCount = parsed.GetValue(_minWorkers) };
        var goesOn = stored is not null && settings.Out is { } typed && RunFolder.At(typed, environment).FullPath == stored.Folder.FullPath;
        return goesOn ? settings with { Out = null } : settings;
    }

    /// <summary>Log lines on stderr where they were asked for, or where no terminal shows the live table and less talk is not wanted.</summary>
    LogFormat? LogsOf(ParseResult parsed)
    {
        var isTyped = parsed.GetResult(_node.LogFormat) is { Implicit: false };
        return isTyped || (!_environment.IsLive && !parsed.GetValue(_options.Quiet)) ? _node.LogFormatOf(parsed) : null;
    }

    IEnumerable<string> WarningsOf(ParseResult parsed, ClusterNodeOptions node)
    {
        foreach (var warning in node.Warnings()) yield return warning;
        if (_options.Warning(parsed) is { } ofTraining) yield return ofTraining;
        if (_node.Warning(parsed) is { } ofNode) yield return ofNode;
        if (parsed.GetResult(_options.Workers) is { Implicit: false })
            yield return "--workers has no meaning for a coordinator: its workers are processes of their own";
    }

    static IEnumerable<Problem> ProblemsOfCluster(TrainSettings settings, ClusterNodeOptions node, StoredRun? stored)
    {
        if (settings.FoldCount is not null)
            yield return NotYet.Missing("--folds of a coordinator", "fix: disttrain train --folds, or leave it out");
        if (node.Candidates.Length > 1 && settings.Out is null && stored is null)
        {
            yield return new("DT3035", ExitCode.Configuration, "several coordinator candidates, and no run folder that they share",
                "expected: --out DIR, a folder that all of them reach, the same for each",
                "fix: add --out DIR, or leave --join out where this is the only candidate");
        }
    }
}
