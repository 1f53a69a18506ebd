using System.Collections.Immutable;
using DistTrain.Coordinator.Runs;
using DistTrain.Data.Storage;
using DistTrain.Formats;
using DistTrain.Training;

namespace DistTrain.Coordinator.Training;

/// <summary>A run that ended with a model.</summary>
/// <param name="Elapsed">From the first worker's start to the result.</param>
sealed record TrainedRun(
    RunFolder Folder, Dataset Dataset, TrainingResult Result, SavedModel Model, int WorkerCount, TimeSpan Elapsed)
{
    /// <summary>Malformed rows that were left out.</summary>
    public int BadRowCount { get; init; }

    /// <summary>Where the run went on from; null where it was not resumed.</summary>
    public ResumedFrom? ResumedFrom { get; init; }

    /// <summary>Passes over the training rows in this process.</summary>
    public double Epochs => Result.Epochs - (ResumedFrom?.Epochs ?? 0);

    /// <summary>The cross-validation that came before; null where there was none.</summary>
    public FoldedRuns? Folds { get; init; }

    /// <summary>The penalties to choose from, in the user's order; empty where there was one only.</summary>
    public ImmutableArray<double> PathAsTyped { get; init; } = [];

    /// <summary>The calibration asked for.</summary>
    public CalibrationKind Calibration { get; init; }

    /// <summary>report.html is there.</summary>
    public bool HasReport { get; init; }
}

/// <summary>Where a run went on from.</summary>
/// <param name="Step">0 where it began again for want of a checkpoint.</param>
/// <param name="Epochs">Passes over the training rows before.</param>
sealed record ResumedFrom(int Step, double Epochs);
