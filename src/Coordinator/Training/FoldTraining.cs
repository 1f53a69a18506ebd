using System.Globalization;
using DistTrain.Coordinator.Commands;
using DistTrain.Coordinator.Input;
using DistTrain.Coordinator.Output;
using DistTrain.Coordinator.Runs;
using DistTrain.Data;
using DistTrain.Data.Storage;
using DistTrain.Node.CommandLine;
using DistTrain.Problems;
using DistTrain.Protocol;
using DistTrain.Training;

namespace DistTrain.Coordinator.Training;

/// <summary>Cross-validation: one run for each fold, with a dataset of its own, before the run that gives the model.</summary>
/// <remarks>
/// Statistics, centres and levels come from the fold's training rows alone, as they would if nothing else were there. Folds differ from the
/// final run in their rows only: seed, penalties, limits and the initial model are the same.
/// </remarks>
sealed class FoldTraining(
    TrainSettings settings, TrainingInput input, InitialModel? initial, RunFolder folder, IJobTrainer trainer, CliEnvironment environment,
    Talk talk)
{
    /// <summary>Why the rows cannot be divided as asked; empty where they can, or where no folds are asked for.</summary>
    public static IEnumerable<Problem> Problems(TrainSettings settings, TrainingInput input, Dataset dataset) =>
        settings.FoldCount is { } count && input.Table is { } table
            ? DatasetBuilder.ProblemsOfFolds(table, settings.Dataset, count, dataset.Classes)
            : [];

    /// <summary>Trains the folds, one after the other.</summary>
    /// <param name="classes">All classes, in their order.</param>
    /// <param name="lastStep">Told the steps of every fold.</param>
    public async Task<FoldedRuns> RunAsync(int count, IReadOnlyList<string> classes, TimeBudget budget, LogFile log, INoticeSink lastStep)
    {
        var runs = new List<FoldRun>();
        foreach (var fold in Fold.All(count))
        {
            var dataset = await CommandThread.Run(() => Build(fold, classes), environment.Stop.Token);
            var run = await TrainAsync(fold, dataset, budget.ShareOf(count - fold.Index + 1), log, lastStep);
            runs.Add(run);
            Tell(run, count);
        }
        return new FoldedRuns([.. runs], CrossValidation.Of([.. runs.Select(run => run.Result)]));
    }

    Dataset Build(Fold fold, IReadOnlyList<string> classes) =>
        DatasetBuilder.Build(input.Table!, validation: null, settings.Dataset with { Classes = [.. classes] }, fold,
            environment.Parallel);

    async Task<FoldRun> TrainAsync(Fold fold, Dataset dataset, TimeSpan? maxTime, LogFile log, INoticeSink lastStep)
    {
        var files = folder.CreateFold(fold.Index + 1);
        AtomicFile.Write(files.DatasetPath, stream => DatasetFile.Write(stream, dataset, input.Files));
        using var events = EventLog.Create(files.EventsPath);
        events.Started(environment.Clock.GetUtcNow(), Term.First, dataset.Manifest.Fingerprint, settings.WorkerCount);
        var pump = new NoticePump(environment.Clock, events, lastStep);
        await using (pump)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileName(folder.FullPath)}-fold-{fold.Index + 1}");
            var job = new SessionJob(name, dataset, OptionsOn(dataset), initial?.For(dataset).Start, maxTime, settings.WorkerCount)
            {
                Parallel = environment.Parallel,
            };
            var result = await trainer.RunAsync(job, pump, log, environment.Stop.Token);
            var run = new FoldRun(fold.Index + 1, files.Shown, dataset.Manifest.Fingerprint, result);
            AtomicFile.Write(files.ResultPath, stream =>
                JsonLines.Write(stream, FoldsJson.Of(run, dataset.Classes.Names), ResultJsonContext.Default.FoldResultJson));
            return run;
        }
    }

    /// <summary>Features, and with them the factors of the penalties, are those of the fold.</summary>
    TrainingOptions OptionsOn(Dataset dataset) => settings.Training with
    {
        PenaltyFactors = settings.Penalties?.FactorsOf(dataset.Schema) ?? [],
        Calibration = CalibrationKind.None,
    };

    void Tell(FoldRun run, int count) => talk.Note(
        string.Create(CultureInfo.InvariantCulture, $"fold {run.Number}/{count}"), MetricsReport.Line(run.Result.Validation!));
}

/// <summary>One fold, trained.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Shown">Its folder.</param>
/// <param name="Fingerprint">Of its dataset.</param>
sealed record FoldRun(int Number, string Shown, string Fingerprint, TrainingResult Result);

/// <summary>A cross-validation, and what it says.</summary>
sealed record FoldedRuns(IReadOnlyList<FoldRun> Runs, CrossValidation Summary)
{
    /// <summary>The options of the final run: where there was a choice of penalties, the one that the folds chose.</summary>
    public TrainingOptions Choose(TrainingOptions options) =>
        options.L2Path.IsEmpty ? options : options with { L2 = Summary.Chosen.L2, L2Path = [] };
}
