using System.CommandLine;
using System.Text.Json;
using DistTrain.Cli.Commands;
using DistTrain.Cli.Input;
using DistTrain.Cli.Output;
using DistTrain.Cli.Reports;
using DistTrain.Cli.Runs;
using DistTrain.Coordinator;
using DistTrain.Coordinator.Checkpoints;
using DistTrain.Data;
using DistTrain.Data.Storage;
using DistTrain.Formats;
using DistTrain.Formats.Checkpoints;
using DistTrain.Problems;
using DistTrain.Protocol;
using DistTrain.Training;
using Microsoft.Extensions.Logging;

namespace DistTrain.Cli.Training;

/// <summary>One run from its settings to its model, with everything that the run folder keeps of it.</summary>
/// <param name="stored">The run to go on with; null for a new one.</param>
sealed class TrainingSession(TrainSettings settings, ParseResult parsed, StoredRun? stored, CliEnvironment environment, Talk talk)
{
    readonly RunStart _start = new(settings, parsed, stored, environment, talk);

    TimeProvider Clock => environment.Clock;

    /// <exception cref="DistTrainException">The input or the training failed, with the cause.</exception>
    /// <exception cref="OperationCanceledException">The user stopped it.</exception>
    public async Task<TrainedRun> RunAsync()
    {
        var (input, dataset) = await CommandThread.Run(Prepare, environment.Stop.Token);
        foreach (var finding in input.Findings) talk.Note(finding);
        if (settings.IsJson && input.Sample is { } sample) talk.Say("synthetic", TrainingReport.Synthetic(sample));

        var start = _start.Begin(input, dataset);
        var folder = start.Reign.Folder;
        using var log = new LogFile(File.AppendText(folder.LogPath), Clock, talk);
        using var events = EventLog.Append(folder.EventsPath);
        talk.Note("run", folder.Shown);
        return await TrainAsync(input, dataset, start, log, events);
    }

    async Task<TrainedRun> TrainAsync(
        TrainingInput input, Dataset dataset, StartedRun start, LogFile log, EventLog events)
    {
        var (manifest, reign, folder) = (dataset.Manifest, start.Reign, start.Reign.Folder);
        var point = start.Source is null ? null : _start.Load(start, manifest, log);
        var lastStep = new LastStep(point?.Step ?? 0);
        var started = Clock.GetTimestamp();
        if (start.Source is null) events.Started(Clock.GetUtcNow(), reign.Term, manifest.Fingerprint, settings.WorkerCount);
        else events.Resumed(Clock.GetUtcNow(), reign.Term, manifest.Fingerprint, settings.WorkerCount, lastStep.Number, point?.Checkpoint);
        try
        {
            using var store = new CheckpointStore(reign.Checkpoints, reign.Terms, reign.Term, start.Identity);
            var (result, failures) = await ObserveAsync(JobOf(start, point, manifest, store), dataset, log, events, lastStep);
            var run = new TrainedRun(
                folder, dataset, result, ModelOf(input, dataset, result), settings.WorkerCount, Clock.GetElapsedTime(started))
            {
                ResumedFrom = start.Source is null ? null : new ResumedFrom(point?.Step ?? 0, point?.Epochs ?? 0),
            };
            ModelFolder.Save(folder.ModelPath, run.Model, reign.RequireHighest);
            AtomicFile.Write(
                folder.ResultPath,
                stream => JsonSerializer.Serialize(stream, TrainingReport.ToJson(run), ResultJsonContext.Default.TrainResultJson),
                reign.RequireHighest);
            foreach (var failure in failures) talk.Warn($"not all that happened could be told: {failure.Message.ReplaceLineEndings(" ")}");
            return TryReport(run, input, log);
        }
        catch (OperationCanceledException) when (environment.Stop.Received is { } signal)
        {
            var message = $"stopped at step {lastStep.Number} by {StopSignal.NameOf(signal)}";
            events.Stopped(Clock.GetUtcNow(), signal, lastStep.Number);
            log.Write(LogLevel.Information, nameof(TrainingSession), message);
            throw new StoppedException(message, $"{lastStep.Saved}; to go on: disttrain train --resume {folder.Shown}");
        }
        catch (Exception e) when (e is not DistTrainException)
        {
            log.Write(LogLevel.Critical, nameof(TrainingSession), "unforeseen", e);
            var problem = Mistakes.Foreseen(e) ?? Mistakes.Unforeseen(e, folder.LogShown);
            events.Failed(Clock.GetUtcNow(), problem);
            throw problem.AsException(e);
        }
    }

    /// <summary>The run with its report; a report that cannot be written is a warning, for the model is there.</summary>
    TrainedRun TryReport(TrainedRun run, TrainingInput input, LogFile log)
    {
        try
        {
            ReportFile.Write(run, input, talk.Warnings, Clock.GetUtcNow());
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
        TrainingJob job, Dataset dataset, LogFile log, EventLog events, LastStep lastStep)
    {
        await using var live = environment.IsLive && !talk.IsQuiet ? new LiveProgress(environment.Error, talk, Clock) : null;
        // The live table hides the cursor; who leaves without waiting for its end gets it back.
        environment.Stop.BeforeLeaving = live is null ? null : () => environment.Error.Write("\u001b[?25h");
        INoticeSink progress = live is null ? new PlainProgress(talk) : live;
        var pump = new NoticePump(Clock, events, lastStep, progress);
        await using (pump)
        {
            var result = await LocalTraining.RunAsync(job, dataset, settings.WorkerCount, pump, log, environment.Stop.Token);
            return (result, pump.Failures);
        }
    }

    (TrainingInput Input, Dataset Dataset) Prepare()
    {
        var input = TrainingInput.Read(settings, environment);
        return (input, DatasetBuilder.Build(input.Table, input.Validation, settings.Dataset));
    }

    TrainingJob JobOf(StartedRun start, ResumePoint? point, DatasetManifest manifest, ICheckpointStore store)
    {
        var (name, training) = (Path.GetFileName(start.Reign.Folder.FullPath), settings.Training);
        return new TrainingJob(
            new RunId(name), manifest, training.TargetsOf(manifest), point?.First ?? Trainer.Start(manifest, training))
        {
            Term = start.Reign.Term,
            FirstStep = point?.Step ?? 0,
            CheckpointPlan = settings.Checkpoints,
            CheckpointStore = store,
        };
    }

    SavedModel ModelOf(TrainingInput input, Dataset dataset, TrainingResult result)
    {
        var (classes, manifest) = (dataset.Classes, dataset.Manifest);
        var (weights, intercepts) = ModelNumbers.ToModel(result.Parameters, manifest.Layout, classes);
        var classWeights = new double[classes.Count];
        foreach (var (k, active) in classes.Active.Index()) classWeights[active] = manifest.ClassWeights[k];
        return new SavedModel
        {
            Schema = dataset.Schema,
            Classes = classes,
            Weights = weights,
            Intercepts = intercepts,
            TrainingClassWeights = [.. classWeights],
            Input = new ModelInput(
                input.Table.Label?.Name is { Length: > 0 } label ? label : null, settings.Table.Weight,
                settings.Table.Format is { } format ? Words.Of(format) : null, settings.Table.Delimiter, settings.Table.Encoding),
            Origin = new ModelOrigin(
                Product.Version, settings.Training.Optimizer, settings.Training.L2, settings.Training.Seed, manifest.Fingerprint,
                input.Sample),
        };
    }

    /// <summary>Remembers how far the run came.</summary>
    sealed class LastStep(int first) : INoticeSink
    {
        int _saved = first;

        public int Number { get; private set; } = first;

        /// <summary>How much of it is on the disk.</summary>
        public string Saved => _saved == Number ? "all of it is saved" : $"step {_saved} is the last that is saved";

        public void Take(DateTimeOffset time, TrainingNotice notice)
        {
            if (notice is StepTakenNotice step) Number = step.Summary.Step;
            if (notice is CheckpointSavedNotice saved) _saved = saved.Step;
        }
    }
}
