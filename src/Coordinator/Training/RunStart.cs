using System.CommandLine;
using System.Globalization;
using DistTrain.Coordinator.Checkpoints;
using DistTrain.Coordinator.Commands;
using DistTrain.Coordinator.Files;
using DistTrain.Coordinator.Input;
using DistTrain.Coordinator.Runs;
using DistTrain.Data.Storage;
using DistTrain.Formats.Checkpoints;
using DistTrain.Node;
using DistTrain.Node.CommandLine;
using DistTrain.Problems;
using DistTrain.Training;
using Microsoft.Extensions.Logging;

namespace DistTrain.Coordinator.Training;

/// <summary>How a run comes to its folder, anew or to go on, and to what is written there before training starts.</summary>
/// <param name="stored">The run that is resumed, or null.</param>
sealed class RunStart(TrainSettings settings, ParseResult parsed, StoredRun? stored, CliEnvironment environment, Talk talk)
{
    /// <exception cref="DistTrainException">DT3201: the folder holds a run. DT3222: the input has changed.</exception>
    public StartedRun Begin(TrainingInput input, Dataset dataset)
    {
        var manifest = dataset.Manifest;
        if (ProblemOf(stored, manifest) is { } problem) throw problem.AsException();

        var options = OptionsFile.Content(parsed, settings.Inputs, ResolvedOption.Of(settings, input, dataset), environment.Directory);
        var folder = stored is not null && settings.Out is null
            ? stored.Folder
            : RunFolder.Create(settings.Out, InputFiles.RunName(settings.Inputs[0]), options, environment);
        var reign = new RunReign(folder);
        if (folder == stored?.Folder)
        {
            folder.RemoveTemporaries();
            AtomicFile.Write(folder.OptionsPath, stream => stream.Write(options), reign.RequireHighest);
        }
        AtomicFile.Write(folder.DatasetPath, stream => DatasetFile.Write(stream, dataset, input.Files), reign.RequireHighest);
        var identity = new CheckpointIdentity(
            Product.Version, NodeArithmetic.Hash, manifest.Fingerprint, RunMathematics.Of(OptionsFile.ValuesOf(options), environment));
        return new StartedRun(reign, identity, stored is null ? null : Source(stored, reign));
    }

    /// <summary>DT3222: the input is not that of the run to go on with; null where it is.</summary>
    public static Problem? ProblemOf(StoredRun? stored, DatasetManifest manifest) =>
        stored?.DatasetFingerprint is { } fingerprint && fingerprint != manifest.Fingerprint
            ? Changed(stored, fingerprint, manifest.Fingerprint)
            : null;

    /// <summary>The newest checkpoint that can be used; null where there is none, which is said.</summary>
    /// <exception cref="DistTrainException">DT3223: there are only such of another run or version.</exception>
    public ResumePoint? Load(StartedRun run, DatasetManifest manifest, TrainingOptions options, LogFile log)
    {
        var foreign = new List<string>();
        void Refuse(Problem problem)
        {
            log.Write(LogLevel.Warning, nameof(RunStart), problem.Message);
            talk.Warn($"{problem.Message}; it is not used");
            if (problem.Code == Checkpoint.ForeignCode) foreign.Add(problem.Message);
        }

        var point = run.Source!.Load((file, shown) => Checkpoint.Resume(file, shown, run.Identity, manifest, options), Refuse);
        if (point is null && foreign.Count > 0) throw OnlyForeign(stored!, foreign).AsException();
        if (point is null) talk.Warn($"{stored!.Folder.Shown} has no whole checkpoint: it starts at step 0");
        else talk.Note("resumed", $"from step {Figures.Count(point.Step)}, {point.Checkpoint}");
        return point;
    }

    static CheckpointFolder Source(StoredRun stored, RunReign reign) => reign.Folder == stored.Folder
        ? reign.Checkpoints
        : new CheckpointFolder(Disk.Instance, stored.Folder.CheckpointsPath, stored.Folder.CheckpointsShown);

    static Problem Changed(StoredRun stored, string before, string now) => new(
        "DT3222", ExitCode.Configuration, $"--resume {stored.Folder.Shown}: the input is no longer what the run was begun with",
        $"expected: a dataset of fingerprint {before}, found: {now}",
        "fix: bring the input back, or begin another run with it");

    static Problem OnlyForeign(StoredRun stored, IEnumerable<string> reasons) => new(
        "DT3223", ExitCode.Configuration, $"--resume {stored.Folder.Shown}: none of its checkpoints can lead to the bits of that run",
        [.. reasons, "fix: go on with what wrote them, or begin another run"]);
}

/// <summary>A run whose folder is this process's.</summary>
/// <param name="Identity">What its checkpoints must agree on.</param>
/// <param name="Source">Where a resumed run looks for checkpoints; null where it begins.</param>
sealed record StartedRun(RunReign Reign, CheckpointIdentity Identity, CheckpointFolder? Source)
{
    public bool IsResumed => Source is not null;

    /// <summary>
    /// The same with the penalty that its folds chose. Limits may change when a run is resumed, and with them that choice: a checkpoint
    /// that was trained with another penalty must not be gone on with.
    /// </summary>
    public StartedRun With(TrainingOptions chosen) => this with
    {
        Identity = Identity with
        {
            Mathematics = Identity.Mathematics.SetItem("l2", chosen.L2.ToString(CultureInfo.InvariantCulture)),
        },
    };
}
