using System.Collections.Immutable;
using Akka.Actor;
using DistTrain.Learning;
using DistTrain.Node.Cluster;
using DistTrain.Node.Compute;

namespace DistTrain.Worker.Cluster;

/// <summary>What the gate to the coordinator needs.</summary>
/// <param name="Doors">Where coordinators are asked, one after the other; not empty.</param>
/// <param name="Shape">Of the numbers that come; null as long as no dataset is open.</param>
/// <param name="Encoder">One thread that makes blocks of sums; owned by the host.</param>
/// <param name="Observer">Told of each sign of life of a coordinator.</param>
public sealed record CoordinatorGateSetting(
    ImmutableArray<ICanTell> Doors, BlockExchange Exchange, Func<ModelShape?> Shape, ComputeThreads Encoder, IWorkerObserver Observer)
{
    /// <summary>Longest time for one reading of weights by feature; above 0, default 10 s.</summary>
    public TimeSpan WeightsTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Longest time for making a block of sums; above 0, default 60 s.</summary>
    public TimeSpan EncodingTimeout { get; init; } = TimeSpan.FromSeconds(60);

    public TimeProvider Time { get; init; } = TimeProvider.System;
}
