using DistTrain.Data.Storage;
using DistTrain.Formats.Checkpoints;
using DistTrain.Learning;
using DistTrain.Node.Compute;
using DistTrain.Numerics;
using DistTrain.Protocol;
using DistTrain.Training;

namespace DistTrain.Coordinator.Training;

/// <summary>What a session has to be trained.</summary>
/// <param name="RunName">The run's name among its kind: part of every message.</param>
/// <param name="Initial">Where training starts; null: where it starts by itself.</param>
/// <param name="MaxTime">When training ends at the latest, from its start; null: no limit.</param>
sealed record SessionJob(
    string RunName, Dataset Dataset, TrainingOptions Options, Parameters? Initial, TimeSpan? MaxTime, int WorkerCount)
{
    public Term Term { get; init; } = Term.First;

    /// <summary>Where it goes on; null where it begins.</summary>
    public ResumePoint? Point { get; init; }

    /// <summary>When checkpoints are saved; null: never.</summary>
    public CheckpointPlan? CheckpointPlan { get; init; }

    /// <summary>Where they go.</summary>
    public ICheckpointStore? CheckpointStore { get; init; }

    /// <summary>For the optimiser's arithmetic.</summary>
    public IParallelFor Parallel { get; init; } = SerialFor.Instance;

    /// <summary>The same for the coordinator's actor. Takes as long as the optimiser takes to begin.</summary>
    public TrainingJob ToTrainingJob()
    {
        var manifest = Dataset.Manifest;
        var first = Point?.First ?? Trainer.Start(manifest, Options, Initial, Parallel);
        var targets = Options.TargetsOf(manifest);
        return new TrainingJob(new RunId(RunName), manifest, targets, first)
        {
            Term = Term,
            FirstStep = Point?.Step ?? 0,
            Goal = TrainingGoal.Of(Options),
            CheckpointPlan = CheckpointPlan,
            CheckpointStore = CheckpointStore,
            Computer = new ShardComputer(Dataset, manifest, targets),
        };
    }
}
