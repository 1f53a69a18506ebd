using DistTrain.Cli.Runs;
using DistTrain.Data.Storage;
using DistTrain.Formats;
using DistTrain.Training;

namespace DistTrain.Cli.Training;

/// <summary>A run that ended with a model.</summary>
/// <param name="Elapsed">From the first worker's start to the result.</param>
sealed record TrainedRun(
    RunFolder Folder, Dataset Dataset, TrainingResult Result, SavedModel Model, int WorkerCount, TimeSpan Elapsed)
{
    /// <summary>report.html is there.</summary>
    public bool HasReport { get; init; }
}
