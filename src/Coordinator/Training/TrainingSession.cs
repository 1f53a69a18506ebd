using System.Collections.Immutable;
using System.CommandLine;
using DistTrain.Coordinator.Checkpoints;
using DistTrain.Coordinator.Commands;
using DistTrain.Coordinator.Input;
using DistTrain.Coordinator.Output;
using DistTrain.Coordinator.Reports;
using DistTrain.Coordinator.Runs;
using DistTrain.Data.Schema;
using DistTrain.Data.Storage;
using DistTrain.Data.Tables.Malformed;
using DistTrain.Formats;
using DistTrain.Formats.Checkpoints;
using DistTrain.Node.CommandLine;
using DistTrain.Problems;
using DistTrain.Training;
using Microsoft.Extensions.Logging;

namespace DistTrain.Coordinator.Training;

/// <summary>One run from its settings to its model, with everything that the run folder keeps of it.</summary>
/// <param name="stored">The run to go on with; null for a new one.</param>
sealed class TrainingSession(
    TrainSettings settings, ParseResult parsed, StoredRun? stored, IJobTrainer trainer, CliEnvironment environment, Talk talk)
{
    /// <summary>Memory from which on it is worth a moment to give back what is no longer used.</summary>
    const int LargeRunBytes = 1 << 28;

    readonly RunStart _start = new(settings, parsed, stored, environment, talk);

    TimeProvider Clock => environment.Clock;

    /// <exception cref="DistTrainException">The input or the training failed, with the cause.</exception>
    /// <exception cref="OperationCanceledException">The user stopped it.</exception>
    public async Task<SessionEnd> RunAsync()
    {
        using var quarantine = new QuarantineFile();
        Action<BadRow>? keep = settings.Table.BadRows.Kind is BadRowKind.Quarantine ? quarantine.Take : null;
        var initial = InitialModel.Load(settings, environment);
        var prepared = await CommandThread.Run(() => PreparedRun.Read(settings, environment, keep), environment.Stop.Token);
        // What reading leaves behind would stay in the process beside what training makes.
        if (prepared.Memory.Bytes > LargeRunBytes) GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        settings = prepared.Settings;
        var (input, dataset) = (prepared.Input, prepared.Dataset);
        foreach (var finding in prepared.Findings) talk.Note(finding);
        var transfer = initial?.For(dataset);
        if (transfer is not null) initial!.Tell(transfer, talk);
        if (settings.IsJson && input.Sample is { } sample) talk.Say("synthetic", TrainingReport.Synthetic(sample));

        var folder = _start.TakeFolder(input, dataset);
        await trainer.StandByAsync(prepared, folder, environment.Stop.Token);
        if (StoredRun.ResultIn(folder) is { } result)
        {
            await trainer.TellEndAsync(folder, environment.Stop.Token);
            return new SessionEnd.Before(folder, result);
        }

        var start = _start.Reign(folder, input, dataset);
        using var log = new LogFile(File.AppendText(folder.LogPath), Clock, talk, tellsWarnings: !settings.ShowsLog);
        using var events = EventLog.Append(folder.EventsPath, keepsBatches: settings.IsCluster);
        quarantine.SaveTo(folder);
        talk.Note("run", folder.Shown);
        BadRowReport.Tell(talk, input, keep is null ? null : folder.QuarantineShown);
        return new SessionEnd.Now(await TrainAsync(prepared, initial, start, log, events));
    }

    async Task<TrainedRun> TrainAsync(PreparedRun prepared, InitialModel? initial, StartedRun start, LogFile log, EventLog events)
    {
        var (input, dataset) = (prepared.Input, prepared.Dataset);
        var (manifest, reign, folder) = (dataset.Manifest, start.Reign, start.Reign.Folder);
        var lastStep = new LastStep();
        var budget = new TimeBudget(settings.MaxTime, Clock);
        var started = Clock.GetTimestamp();
        if (!start.IsResumed) events.Started(Clock.GetUtcNow(), reign.Term, manifest.Fingerprint, settings.WorkerCount);
        try
        {
            var folds = settings.FoldCount is { } count
                ? await new FoldTraining(settings, input, initial, folder, trainer, environment, talk)
                    .RunAsync(count, dataset.Classes.Names, budget, log, lastStep)
                : null;
            var options = folds?.Choose(settings.Training) ?? settings.Training;
            if (folds is not null) start = start.With(options);
            using var store = new CheckpointStore(reign.Checkpoints, reign.Terms, reign.Term, start.Identity);
            var point = start.IsResumed ? GoOn(start, manifest, options, log, events, lastStep) : null;
            var job = new SessionJob(
                Path.GetFileName(folder.FullPath), dataset, options, initial?.For(dataset).Start, budget.ShareOf(1), settings.WorkerCount)
            {
                Parallel = environment.Parallel,
                Term = reign.Term,
                Point = point,
                CheckpointPlan = settings.Checkpoints,
                CheckpointStore = store,
            };
            var (result, failures) = await ObserveAsync(job, log, events, lastStep);
            var run = new TrainedRun(
                folder, dataset, result, ModelOf(prepared, result), lastStep.WorkerCount ?? settings.WorkerCount, Clock.GetElapsedTime(started))
            {
                BadRowCount = input.BadRowCount,
                ResumedFrom = start.IsResumed ? new ResumedFrom(point?.Step ?? 0, point?.Epochs ?? 0) : null,
                Folds = folds,
                PathAsTyped = settings.Training.L2Path,
                Calibration = settings.Training.Calibration,
            };
            foreach (var warning in RunWarnings.Of(run)) talk.Warn(warning);
            foreach (var failure in failures) WarnOfSilence(failure);
            var page = Render(run, input);
            Save(run, reign);
            trainer.LetWorkersGo();
            return await TryReportAsync(run, page, reign, log);
        }
        catch (OperationCanceledException) when (environment.Stop.Received is { } signal)
        {
            var message = $"stopped at step {lastStep.Number} by {StopSignal.NameOf(signal)}";
            TryTell(() => events.Stopped(Clock.GetUtcNow(), signal, lastStep.Number));
            log.Write(LogLevel.Information, nameof(TrainingSession), message);
            throw new StoppedException(message, $"{lastStep.Saved}; to go on: disttrain {parsed.CommandResult.Command.Name} --resume {folder.Shown}");
        }
        catch (DistTrainException e) when (IsTheSameForAll(e.Problem))
        {
            trainer.LetWorkersGo();
            throw;
        }
        catch (Exception e) when (e is not DistTrainException)
        {
            log.Write(LogLevel.Critical, nameof(TrainingSession), "unforeseen", e);
            var problem = Mistakes.Foreseen(e) ?? Mistakes.Unforeseen(e, folder.LogShown);
            TryTell(() => events.Failed(Clock.GetUtcNow(), problem));
            throw problem.AsException(e);
        }
    }

    /// <summary>What went wrong lies in options, input or mathematics: whoever takes the run up comes to the same end.</summary>
    static bool IsTheSameForAll(Problem problem) => problem.ExitCode is ExitCode.Configuration or ExitCode.Input or ExitCode.Diverged;

    /// <summary>Tells how the run ends; a disk that does not take it hides neither the end nor its cause.</summary>
    void TryTell(Action tell)
    {
        try
        {
            tell();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            WarnOfSilence(e);
        }
    }

    void WarnOfSilence(Exception cause) => talk.Warn($"not all that happened could be told: {cause.Message.ReplaceLineEndings(" ")}");

    /// <summary>Where a resumed run goes on; null where it begins again.</summary>
    ResumePoint? GoOn(StartedRun start, DatasetManifest manifest, TrainingOptions options, LogFile log, EventLog events, LastStep lastStep)
    {
        var point = _start.Load(start, manifest, options, log);
        lastStep.GoOnFrom(point?.Step);
        events.Resumed(Clock.GetUtcNow(), start.Reign.Term, manifest.Fingerprint, settings.WorkerCount, lastStep.Number, point?.Checkpoint);
        return point;
    }

    /// <summary>The model first: who finds a result finds the model that it is of.</summary>
    static void Save(TrainedRun run, RunReign reign)
    {
        ModelFolder.Save(run.Folder.ModelPath, run.Model, reign.RequireHighest);
        AtomicFile.Write(
            run.Folder.ResultPath,
            stream => JsonLines.Write(stream, TrainingReport.ToJson(run), ResultJsonContext.Default.TrainResultJson),
            reign.RequireHighest);
    }

    /// <summary>The page of the run's report, made while the model is saved.</summary>
    Task<byte[]> Render(TrainedRun run, TrainingInput input)
    {
        var (warnings, finished) = (talk.Warnings, Clock.GetUtcNow());
        return CommandThread.Run(() => ReportFile.Render(run, input, warnings, finished), CancellationToken.None);
    }

    /// <summary>The run with its report; a report that cannot be written is a warning, for the model is there.</summary>
    async Task<TrainedRun> TryReportAsync(TrainedRun run, Task<byte[]> page, RunReign reign, LogFile log)
    {
        try
        {
            ReportFile.Write(run.Folder, await page, reign.RequireHighest);
            return run with { HasReport = true };
        }
        catch (Exception e)
        {
            log.Write(LogLevel.Warning, nameof(TrainingSession), "no report", e);
            talk.Warn($"{run.Folder.ReportShown} could not be written: {e.Message.ReplaceLineEndings(" ")}");
            return run;
        }
    }

    /// <summary>Trains, and says what those who were told of it could not take.</summary>
    async Task<(TrainingResult Result, IReadOnlyCollection<Exception> Failures)> ObserveAsync(
        SessionJob job, LogFile log, EventLog events, LastStep lastStep)
    {
        await using var live = environment.IsLive && !talk.IsQuiet && !settings.ShowsLog ? new LiveProgress(environment.Error, talk, Clock) : null;
        // The live table hides the cursor; who leaves without waiting for its end gets it back.
        environment.Stop.BeforeLeaving = live is null ? null : () => environment.Error.Write("\u001b[?25h");
        INoticeSink[] progress = live is not null ? [live] : settings.ShowsLog ? [] : [new PlainProgress(talk)];
        var pump = new NoticePump(Clock, [events, lastStep, .. progress]);
        await using (pump)
        {
            var result = await trainer.RunAsync(job, pump, log, environment.Stop.Token);
            return (result, pump.Failures);
        }
    }

    SavedModel ModelOf(PreparedRun prepared, TrainingResult result)
    {
        var dataset = prepared.Dataset;
        var (classes, manifest) = (dataset.Classes, dataset.Manifest);
        var (weights, intercepts) = ModelNumbers.ToModel(result.Parameters, manifest.Layout, classes);
        return new SavedModel
        {
            Schema = dataset.Schema,
            Classes = classes,
            Weights = weights,
            Intercepts = intercepts,
            Temperature = result.Calibration?.Temperature,
            TrainingClassWeights = AtTheirPlaces(manifest.ClassWeights, classes, 0),
            ClassWeights = AtTheirPlaces(settings.Training.TargetsOf(manifest).ClassWeights, classes, 1),
            Input = prepared.Input.Origin.Input,
            Origin = new ModelOrigin(
                Product.Version, settings.Training.Optimizer, result.L2, settings.Training.Seed, manifest.Fingerprint,
                prepared.Input.Sample)
            {
                L1 = settings.Training.L1,
                IsStandardized = settings.Training.Standardize,
                HasPenaltyFactors = !settings.Training.PenaltyFactors.IsEmpty,
            },
        };
    }

    /// <summary>Numbers of the active classes in the order of the class list; none, where there are none.</summary>
    static ImmutableArray<double> AtTheirPlaces(ImmutableArray<double> ofActive, ClassList classes, double ofInactive)
    {
        if (ofActive.IsEmpty) return [];
        var numbers = Enumerable.Repeat(ofInactive, classes.Count).ToArray();
        foreach (var (number, place) in ofActive.Zip(classes.Active)) numbers[place] = number;
        return [.. numbers];
    }

    /// <summary>Remembers how far the run came.</summary>
    sealed class LastStep : INoticeSink
    {
        int? _saved;

        public int Number { get; private set; }

        /// <summary>Workers there were then; null before the first.</summary>
        public int? WorkerCount { get; private set; }

        /// <summary>How much of it is on the disk.</summary>
        public string Saved =>
            _saved is null ? "nothing is saved yet"
            : _saved == Number ? "all of it is saved"
            : $"step {_saved} is the last that is saved";

        public void GoOnFrom(int? step) => (Number, _saved) = (step ?? 0, step);

        public void Take(DateTimeOffset time, TrainingNotice notice)
        {
            if (notice is StepTakenNotice step) (Number, WorkerCount) = (step.Summary.Step, step.WorkerCount);
            if (notice is CheckpointSavedNotice saved) _saved = saved.Step;
        }
    }
}
