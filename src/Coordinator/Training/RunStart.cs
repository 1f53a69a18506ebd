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
using DistTrain.Protocol;
using DistTrain.Training;
using Microsoft.Extensions.Logging;

namespace DistTrain.Coordinator.Training;

/// <summary>How a run comes to its folder, anew or to go on, and to what is written there before training starts.</summary>
/// <param name="stored">The run that is resumed, or null.</param>
sealed class RunStart(TrainSettings settings, ParseResult parsed, StoredRun? stored, CliEnvironment environment, Talk talk)
{
    /// <summary>The run's folder, made and taken where there is none yet.</summary>
    /// <exception cref="DistTrainException">DT3201: the folder holds a run. DT3222: the input has changed.</exception>
    public RunFolder TakeFolder(TrainingInput input, Dataset dataset)
    {
        var folder = FindFolder(input, dataset);
        if (settings.IsCluster) ClaimFor(folder, input, dataset);
        return folder;
    }

    RunFolder FindFolder(TrainingInput input, Dataset dataset)
    {
        if (ProblemOf(stored, dataset.Manifest) is { } problem) throw problem.AsException();
        if (stored is not null && settings.Out is null) return stored.Folder;

        var options = OptionsOf(input, dataset);
        return stored is null && settings is { IsCluster: true, Out: { } shared }
            ? RunFolder.TryCreate(shared, options, environment) ?? Join(shared, dataset)
            : RunFolder.Create(settings.Out, InputFiles.RunName(settings.Inputs[0]), options, environment);
    }

    /// <summary>Another candidate was faster: this one is one for the same run, if it is the same.</summary>
    RunFolder Join(string shared, Dataset dataset)
    {
        stored = StoredRun.Open(shared, environment, "--out");
        ProblemsFoundException.ThrowIfAny([.. ResumeOptions.ObjectionsToAll(parsed, stored), .. ProblemsOf(stored, dataset.Manifest)]);
        return stored.Folder;
    }

    /// <summary>
    /// The fastest of several candidates says what the run is about, before any of them writes data; the others have the same, or are
    /// refused.
    /// </summary>
    void ClaimFor(RunFolder folder, TrainingInput input, Dataset dataset)
    {
        if (DurableFile.TryCreate(Disk.Instance, folder.DatasetPath, stream => DatasetFile.Write(stream, dataset, input.Files))) return;
        if (ProblemOf(stored ?? StoredRun.Open(folder.Shown, environment, "--out"), dataset.Manifest) is { } problem)
            throw problem.AsException();
    }

    static IEnumerable<Problem> ProblemsOf(StoredRun run, DatasetManifest manifest) => ProblemOf(run, manifest) is { } problem ? [problem] : [];

    /// <summary>Takes the next term of the run, and puts down what it is about.</summary>
    public StartedRun Reign(RunFolder folder, TrainingInput input, Dataset dataset)
    {
        var (reign, manifest, options) = (new RunReign(folder), dataset.Manifest, OptionsOf(input, dataset));
        var source = Source(reign);
        if (source == reign.Checkpoints)
        {
            folder.RemoveTemporaries();
            AtomicFile.Write(folder.OptionsPath, stream => stream.Write(options), reign.RequireHighest);
        }
        AtomicFile.Write(folder.DatasetPath, stream => DatasetFile.Write(stream, dataset, input.Files), reign.RequireHighest);
        // Files that options name are read now, as training takes them; the self-test can wait.
        var mathematics = RunMathematics.Of(OptionsFile.ValuesOf(options), environment);
        var identity = new Lazy<CheckpointIdentity>(
            () => new CheckpointIdentity(Product.Version, NodeArithmetic.Hash, manifest.Fingerprint, mathematics));
        return new StartedRun(reign, identity, source);
    }

    byte[] OptionsOf(TrainingInput input, Dataset dataset) =>
        OptionsFile.Content(parsed, settings.Inputs, ResolvedOption.Of(settings, input, dataset), environment);

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

        var point = run.Source!.Load((file, name) => Checkpoint.Resume(file, name, run.Identity.Value, manifest, options, environment.Parallel), Refuse);
        var folder = stored?.Folder ?? run.Reign.Folder;
        if (point is null && foreign.Count > 0) throw OnlyForeign(stored?.Typed ?? folder.Shown, foreign).AsException();
        if (point is not null) talk.Note("resumed", $"from step {Figures.Count(point.Step)}, {point.Checkpoint}");
        else if (!IsFirstTermOf(run, folder)) talk.Warn($"{folder.Shown} has no whole checkpoint: it starts at step 0");
        return point;
    }

    /// <summary>Nobody has begun the run: of several candidates, all but one find its folder made.</summary>
    static bool IsFirstTermOf(StartedRun run, RunFolder folder) =>
        run.Reign.Term == Term.First && folder.FullPath == run.Reign.Folder.FullPath;

    /// <summary>Where checkpoints to go on from are; null where nobody has reigned over the run before.</summary>
    CheckpointFolder? Source(RunReign reign)
    {
        if (stored is not null && stored.Folder != reign.Folder)
            return new CheckpointFolder(Disk.Instance, stored.Folder.CheckpointsPath, stored.Folder.CheckpointsShown);
        var wasBegun = settings.IsCluster ? reign.Term != Term.First : stored is not null; // A candidate may find the folder just made.
        return wasBegun ? reign.Checkpoints : null;
    }

    static Problem Changed(StoredRun stored, string before, string now) => new(
        "DT3222", ExitCode.Configuration, $"{stored.Typed}: the input is no longer what the run was begun with",
        $"expected: a dataset of fingerprint {before}, found: {now}",
        "fix: bring the input back, or begin another run with it");

    static Problem OnlyForeign(string run, IEnumerable<string> reasons) => new(
        "DT3223", ExitCode.Configuration, $"{run}: none of its checkpoints can lead to the bits of that run",
        [.. reasons, "fix: go on with what wrote them, or begin another run"]);
}

/// <summary>A run whose folder is this process's.</summary>
/// <param name="Identity">What its checkpoints must agree on.</param>
/// <param name="Source">Where a resumed run looks for checkpoints; null where it begins.</param>
sealed record StartedRun(RunReign Reign, Lazy<CheckpointIdentity> Identity, CheckpointFolder? Source)
{
    public bool IsResumed => Source is not null;

    /// <summary>
    /// The same with the penalty that its folds chose. Limits may change when a run is resumed, and with them that choice: a checkpoint
    /// that was trained with another penalty must not be gone on with.
    /// </summary>
    public StartedRun With(TrainingOptions chosen) => this with
    {
        Identity = new Lazy<CheckpointIdentity>(() => Identity.Value with
        {
            Mathematics = Identity.Value.Mathematics.SetItem("l2", chosen.L2.ToString(CultureInfo.InvariantCulture)),
        }),
    };
}
