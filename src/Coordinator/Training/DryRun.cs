using System.Collections.Immutable;
using DistTrain.Coordinator.Commands;
using DistTrain.Coordinator.Input;
using DistTrain.Coordinator.Output;
using DistTrain.Coordinator.Runs;
using DistTrain.Node.CommandLine;
using DistTrain.Problems;
using DistTrain.Training;

namespace DistTrain.Coordinator.Training;

/// <summary>train --dry-run: everything that a run does before its first evaluation, and what it would do; no folder is made.</summary>
/// <param name="stored">The run to go on with; null for a new one.</param>
sealed class DryRun(TrainSettings settings, StoredRun? stored, CliEnvironment environment, Talk talk)
{
    /// <param name="found">What is wrong with the options; the input is looked at all the same, where the options let it be read.</param>
    /// <exception cref="ProblemsFoundException">Everything that is wrong.</exception>
    public async Task RunAsync(ImmutableArray<Problem> found)
    {
        var folder = settings.Out ?? stored?.Folder.Shown ?? RunFolder.Next(
            InputFiles.RunName(settings.Inputs.FirstOrDefault("")), environment);
        var (prepared, problems) = await CommandThread.Run(() => Check(found, folder), environment.Stop.Token);
        ProblemsFoundException.ThrowIfAny(problems.DistinctBy(problem => (problem.Code, problem.Message)));

        foreach (var finding in prepared!.Findings) talk.Note(finding);
        BadRowReport.Tell(talk, prepared.Input, quarantineShown: null);
        var plan = new PlannedRun(
            settings, prepared, folder, PreparedRun.LimitOf(settings, environment), IsThere: stored is not null && settings.Out is null);
        if (settings.IsJson)
            environment.Output.WriteLine(JsonLines.TextOf(DryRunReport.ToJson(plan), ResultJsonContext.Default.DryRunJson));
        else
            DryRunReport.Write(environment.Output, plan);
    }

    (PreparedRun? Prepared, IEnumerable<Problem> Problems) Check(ImmutableArray<Problem> found, string folder)
    {
        var problems = found.ToList();
        if (problems.Count == 0 && RunFolder.ProblemOfWriting(folder, environment) is { } unwritable) problems.Add(unwritable);
        var initial = TryOr(problems, () => InitialModel.Load(settings, environment));
        var prepared = CanBeRead ? TryOr(problems, () => PreparedRun.Read(settings, environment, quarantine: null)) : null;
        TryOr(problems, () => CheckFiles(prepared, environment));
        if (prepared is not null && RunStart.ProblemOf(stored, prepared.Dataset.Manifest) is { } changed) problems.Add(changed);
        if (problems.Count == 0)
            TryOr(problems, () => Trainer.Start(prepared!.Dataset.Manifest, prepared.Settings.Training, initial?.For(prepared.Dataset).Start));
        return (prepared, problems);
    }

    /// <summary>Training reads the files of a dataset on disk as it needs them; here all are read.</summary>
    static PreparedRun? CheckFiles(PreparedRun? prepared, CliEnvironment environment)
    {
        prepared?.Input.Stored?.Check(environment.Parallel);
        return prepared;
    }

    /// <summary>Null where it throws something that a user can mend, which is added to the problems.</summary>
    static T? TryOr<T>(List<Problem> problems, Func<T?> look) where T : class
    {
        try
        {
            return look();
        }
        catch (Exception e) when (ProblemsFoundException.In(e) is { IsEmpty: false } more)
        {
            problems.AddRange(more);
            return null;
        }
    }

    /// <summary>There is an input, of one kind, and the options say in earnest how to read it.</summary>
    bool CanBeRead =>
        settings.Inputs.Length > 0 && !settings.Table.Problems().Any() && (
            settings.Inputs.Length == 1 || !settings.Inputs.Any(InputFiles.IsSample));
}

/// <summary>A run that could be started.</summary>
/// <param name="Folder">Where it would write.</param>
/// <param name="IsThere">The folder is that of the run to go on with.</param>
/// <param name="Limit">The bound on its memory, and whose it is.</param>
sealed record PlannedRun(TrainSettings Settings, PreparedRun Prepared, string Folder, (long Bytes, string Origin) Limit, bool IsThere);
