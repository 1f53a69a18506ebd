using System.Collections.Immutable;
using DistTrain.Cli.Runs;
using DistTrain.Data;
using DistTrain.Data.Tables;
using DistTrain.Problems;
using DistTrain.Training;

namespace DistTrain.Cli.Commands;

/// <summary>What a training run is told.</summary>
sealed record TrainSettings
{
    const int WorkerCountMax = 1024;

    public required ImmutableArray<string> Inputs { get; init; }

    public required TableOptions Table { get; init; }

    public required string? ValidationFile { get; init; }

    public required DatasetOptions Dataset { get; init; }

    public required TrainingOptions Training { get; init; }

    /// <summary>The file of --class-weight, or null.</summary>
    public required string? ClassWeightFile { get; init; }

    /// <summary>Workers in this process, with one compute thread each.</summary>
    public required int WorkerCount { get; init; }

    /// <summary>The run folder as typed, or null.</summary>
    public required string? Out { get; init; }

    public required bool IsJson { get; init; }

    public required bool IsQuiet { get; init; }

    /// <summary>All faults at once, the input's aside.</summary>
    public IEnumerable<Problem> Problems(CliEnvironment environment)
    {
        foreach (var problem in Table.Problems()) yield return problem;
        foreach (var problem in Dataset.Problems()) yield return problem;
        foreach (var problem in Training.Problems()) yield return problem;
        if (WorkerCount is < 1 or > WorkerCountMax)
        {
            yield return new("DT3001", ExitCode.Configuration,
                FormattableString.Invariant($"--workers is {WorkerCount}"), $"expected: a whole number from 1 to {WorkerCountMax}");
        }
        foreach (var problem in RunFolder.ProblemsOf(Out, environment)) yield return problem;
    }
}
