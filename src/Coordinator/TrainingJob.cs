using DistTrain.Data.Storage;
using DistTrain.Learning;
using DistTrain.Protocol;
using DistTrain.Training;

namespace DistTrain.Coordinator;

/// <summary>What a coordinator is to train.</summary>
/// <param name="Targets">How labels enter the loss, as <paramref name="First"/> was made for.</param>
/// <param name="First">Where the run starts, as <c>Trainer.Start</c> gives it.</param>
public sealed record TrainingJob(RunId Run, DatasetManifest Manifest, Targets Targets, TrainerAnswer First);
