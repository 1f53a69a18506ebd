using System.Collections.Immutable;
using DistTrain.Coordinator.Output;
using DistTrain.Coordinator.Reports.Curves;
using DistTrain.Data.Tables;
using DistTrain.Formats;
using DistTrain.Learning;
using DistTrain.Training;

namespace DistTrain.Coordinator.Reports;

/// <summary>All that a report tells, as values: no row of the input, only sums over rows and the model itself.</summary>
sealed record ReportData
{
    /// <summary>The run folder as people see it.</summary>
    public required string Run { get; init; }

    public required DateTimeOffset Finished { get; init; }

    public required TimeSpan Elapsed { get; init; }

    /// <summary>The step that a resumed run went on from; null where it was not resumed.</summary>
    public int? ResumedFromStep { get; init; }

    public required int WorkerCount { get; init; }

    public required TrainingResult Result { get; init; }

    public required SavedModel Model { get; init; }

    public required DatasetFacts Dataset { get; init; }

    public required RunOptions Options { get; init; }

    public required StepHistory History { get; init; }

    /// <summary>The penalties tried, in the user's order; empty where there was one only.</summary>
    public ImmutableArray<PathPointJson> Penalties { get; init; } = [];

    /// <summary>The cross-validation; null where there was none.</summary>
    public FoldsJson? Folds { get; init; }

    /// <summary>What was detected or guessed about the input, a line each.</summary>
    public required ImmutableArray<string> Findings { get; init; }

    /// <summary>What the user was warned of during the run, a line each.</summary>
    public required ImmutableArray<string> Warnings { get; init; }

    /// <summary>Runtime, system and processor, in words.</summary>
    public required string Platform { get; init; }

    /// <summary>The part that tells most about new rows: the held-out one where there is one.</summary>
    public ClassificationMetrics Judged => Result.Validation ?? Result.Training;

    /// <summary>The certificate, where it says more than that no loss is below 0.</summary>
    public double? UsefulBound => Result.SuboptimalityBound < Result.Objective ? Result.SuboptimalityBound : null;

    /// <summary>Steps see a part of the rows each.</summary>
    public bool IsMinibatch => Result.Epochs != Result.Evaluations;

    public bool IsHeldOut => Result.Validation is not null;

    /// <summary>All classes, with those that have no training weight.</summary>
    public int ClassCount => Model.Classes.Count;

    /// <summary>The name of class <paramref name="k"/> of all, cut where a page would have no room for it.</summary>
    public string NameOf(int k) => Clipped.Name(Model.Classes.Names[k]);
}

/// <summary>A dataset in numbers.</summary>
/// <param name="StandardDeviations">Of each feature in the schema's order, weighted, over the training rows.</param>
sealed record DatasetFacts(
    long TrainingRows, long ValidationRows, int ShardCount, string Fingerprint, ImmutableArray<TableFile> Files,
    double[] StandardDeviations);
