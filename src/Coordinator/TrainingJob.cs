using DistTrain.Data.Storage;
using DistTrain.Learning;
using DistTrain.Node.Compute;
using DistTrain.Protocol;
using DistTrain.Training;

namespace DistTrain.Coordinator;

/// <summary>What a coordinator is to train.</summary>
/// <param name="Targets">How labels enter the loss, as <paramref name="First"/> was made for.</param>
/// <param name="First">Where the run starts, as <c>Trainer.Start</c> or <c>Trainer.Resume</c> gives it.</param>
public sealed record TrainingJob(RunId Run, DatasetManifest Manifest, Targets Targets, TrainerAnswer First)
{
    public Term Term { get; init; } = Term.First;

    /// <summary>Step that <see cref="First"/> goes on from; 0 where the run begins.</summary>
    public int FirstStep { get; init; }

    /// <summary>When checkpoints are saved; null, as without <see cref="CheckpointStore"/>: never.</summary>
    public CheckpointPlan? CheckpointPlan { get; init; }

    /// <summary>Where training ends by itself, for forecasts; null: none are made.</summary>
    public TrainingGoal? Goal { get; init; }

    /// <summary>Where they go; owned by the maker, who lets it live until the run has ended.</summary>
    public ICheckpointStore? CheckpointStore { get; init; }

    /// <summary>
    /// The arithmetic of workers on data of this process, for shards that are computed a second time and have no second worker; null
    /// where there is none: then nothing is audited. Called on the trainer's thread.
    /// </summary>
    public IShardComputer? Computer { get; init; }

    /// <summary>Where workers of other processes find the dataset; null where all are in this one.</summary>
    public DatasetOffer? Dataset { get; init; }
}
