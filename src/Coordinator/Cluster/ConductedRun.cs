using System.Collections.Immutable;
using DistTrain.Coordinator.Hosting;

namespace DistTrain.Coordinator.Cluster;

/// <summary>What a coordinator candidate conducts when its turn has come: the run from where it stands, under a term just taken.</summary>
/// <param name="Observers">Told what happens, besides those that the host has registered.</param>
public sealed record ConductedRun(TrainingJob Job, CoordinatorOptions Options, ImmutableArray<ITrainingObserver> Observers);
