using DistTrain.Learning;

namespace DistTrain.Training;

/// <summary>A run right after a step: all that a checkpoint holds of it.</summary>
/// <param name="Trainer">Awaits the sums of the question about <paramref name="Asked"/>.</param>
/// <param name="Asked">The parameters asked about next.</param>
/// <param name="Step">Steps taken in the whole run; names the checkpoint.</param>
/// <param name="Epochs">Passes over the training rows so far.</param>
/// <param name="IsClosing">Optimising has ended; closing passes follow.</param>
public sealed record StepBoundary(ITrainer Trainer, Parameters Asked, int Step, double Epochs, bool IsClosing);
