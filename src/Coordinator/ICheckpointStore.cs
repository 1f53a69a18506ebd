using DistTrain.Node.Compute;
using DistTrain.Training;

namespace DistTrain.Coordinator;

/// <summary>Where a run's checkpoints go.</summary>
public interface ICheckpointStore
{
    /// <summary>Saves a boundary; the size in bytes when it is on the disk. Never waits itself.</summary>
    /// <param name="trainerThread">Has the trainer's state put into bytes, before what it is given later.</param>
    /// <exception cref="Problems.DistTrainException">DT5002: another process goes on with the run.</exception>
    Task<long> SaveAsync(StepBoundary boundary, ComputeThreads trainerThread);
}
