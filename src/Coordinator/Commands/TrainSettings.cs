using System.Collections.Immutable;
using DistTrain.Coordinator.Runs;
using DistTrain.Data;
using DistTrain.Data.Tables;
using DistTrain.Node.CommandLine;
using DistTrain.Problems;
using DistTrain.Training;

namespace DistTrain.Coordinator.Commands;

/// <summary>What a training run is told.</summary>
sealed record TrainSettings
{
    const int WorkerCountMax = 1024;

    public required ImmutableArray<string> Inputs { get; init; }

    /// <summary>Whether the one input is the folder of a dataset.</summary>
    public bool IsDataset { get; init; }

    public required TableOptions Table { get; init; }

    public required string? ValidationFile { get; init; }

    public required DatasetOptions Dataset { get; init; }

    public required TrainingOptions Training { get; init; }

    /// <summary>The file of --class-weight, or null.</summary>
    public required string? ClassWeightFile { get; init; }

    /// <summary>The file of the penalties' factors as typed, or null.</summary>
    public required string? PenaltyFile { get; init; }

    /// <summary>What it says, once it is read.</summary>
    public PenaltyFile? Penalties { get; init; }

    /// <summary>Parts of the training rows in cross-validation, at least 2; null: none.</summary>
    public required int? FoldCount { get; init; }

    /// <summary>The model to start from, as typed; null: none.</summary>
    public required string? InitialModel { get; init; }

    /// <summary>When training ends at the latest, from its start; null: no limit.</summary>
    public required TimeSpan? MaxTime { get; init; }

    /// <summary>Workers in this process, with one compute thread each; of a cluster, those to wait for.</summary>
    public required int WorkerCount { get; init; }

    /// <summary>Whether the workers are processes of their own.</summary>
    public bool IsCluster { get; init; }

    /// <summary>Log lines go to stderr as they come: what they tell is not said a second time.</summary>
    public bool ShowsLog { get; init; }

    /// <summary>Workers whose memory is this process's; a coordinator computes shards only to compare.</summary>
    public int WorkersHere => IsCluster ? 1 : WorkerCount;

    /// <summary>Bytes as typed, or null: what the machine has.</summary>
    public required long? MemoryLimit { get; init; }

    /// <summary>When checkpoints are saved.</summary>
    public required CheckpointPlan Checkpoints { get; init; }

    /// <summary>The run folder as typed, or null.</summary>
    public required string? Out { get; init; }

    public required bool IsJson { get; init; }

    public required bool IsQuiet { get; init; }

    /// <summary>What cannot work where nothing is held out for validation. Folds choose from a path by themselves.</summary>
    public IEnumerable<Problem> ProblemsWithoutValidation() =>
        (FoldCount is null ? Training : Training with { L2Path = [] }).ProblemsWithoutValidation();

    /// <summary>All faults at once, the input's aside.</summary>
    public IEnumerable<Problem> Problems(CliEnvironment environment)
    {
        foreach (var problem in Table.Problems()) yield return problem;
        foreach (var problem in Dataset.Problems()) yield return problem;
        foreach (var problem in Training.Problems()) yield return problem;
        if (ValidationFile is null && Dataset.ValidationFraction == 0)
        {
            foreach (var problem in ProblemsWithoutValidation()) yield return problem;
        }
        if (FoldCount < 2)
        {
            yield return new("DT3001", ExitCode.Configuration,
                FormattableString.Invariant($"--folds is {FoldCount}"), "expected: a whole number of at least 2");
        }
        if (MaxTime <= TimeSpan.Zero) yield return new("DT3001", ExitCode.Configuration, "--max-time is 0", "expected: a duration above 0");
        if (WorkerCount is < 1 or > WorkerCountMax)
        {
            yield return new("DT3001", ExitCode.Configuration,
                FormattableString.Invariant($"{(IsCluster ? "--min-workers" : "--workers")} is {WorkerCount}"), $"expected: a whole number from 1 to {WorkerCountMax}");
        }
        if (MemoryLimit < 1)
        {
            yield return new("DT3001", ExitCode.Configuration,
                FormattableString.Invariant($"--memory-limit is {MemoryLimit}"), "expected: at least 1 byte");
        }
        if (Checkpoints.Problems().Any())
        {
            yield return new("DT3001", ExitCode.Configuration,
                $"--checkpoint-every is {(Checkpoints.Steps is { } steps ? $"{steps}steps" : "0s")}",
                "expected: a duration above 0, or at least 1steps");
        }
        foreach (var problem in RunFolder.ProblemsOf(Out, environment)) yield return problem;
    }
}
