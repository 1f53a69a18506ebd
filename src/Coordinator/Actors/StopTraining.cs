using DistTrain.Problems;

namespace DistTrain.Coordinator.Actors;

/// <summary>Host to <see cref="TrainingActor"/>: end the run now with this problem, for example because of a signal.</summary>
public sealed record StopTraining(Problem Why);
