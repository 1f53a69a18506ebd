using DistTrain.Data.Storage;
using DistTrain.Protocol;
using DistTrain.Training;

namespace DistTrain.Worker.Shards;

/// <summary>A dataset whose shards can be computed here.</summary>
/// <param name="Shards">Opens each when it is first asked for, on the caller's thread, which may wait for a fetch.</param>
/// <param name="Cached">The training shards that are here already, as of now.</param>
public sealed record OpenedDataset(DatasetManifest Manifest, IShardSource Shards, Func<ShardSet> Cached)
{
    /// <summary>Takes the same dataset's latest offer: what is not here yet is fetched from its sources. From any thread.</summary>
    public Action<DatasetOffer> Follow { get; init; } = static _ => { };
}
