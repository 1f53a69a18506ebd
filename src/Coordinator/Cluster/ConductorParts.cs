using System.Collections.Immutable;
using DistTrain.Node.Blocks;
using DistTrain.Node.Cluster;
using DistTrain.Node.Compute;

namespace DistTrain.Coordinator.Cluster;

/// <summary>What a conductor is given by its host, who owns it all.</summary>
/// <param name="Start">Takes the run up; called once, on <paramref name="Preparing"/>. Null: there is none to conduct.</param>
/// <param name="Preparing">One thread for that.</param>
/// <param name="Trainer">One thread for the trainer's arithmetic.</param>
/// <param name="FanOut">Workers that are served and heard directly, at least 1; more serve and hear each other.</param>
/// <param name="Encoder">One thread that puts parameters into bytes.</param>
sealed record ConductorParts(
    Func<ConductedRun?> Start, ComputeThreads Preparing, ComputeThreads Trainer, ComputeThreads Encoder, BlockExchange Exchange,
    PublishedWeights Weights, ImmutableArray<ITrainingObserver> Observers, TrainingOutcome Outcome, ConductorPresence Presence,
    TimeProvider Time, TimeSpan TermBeat, int FanOut);
