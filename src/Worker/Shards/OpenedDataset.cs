using DistTrain.Data.Storage;
using DistTrain.Training;

namespace DistTrain.Worker.Shards;

/// <summary>A dataset that a worker has open.</summary>
/// <param name="Cached">The training shards that are here now; to be called from any thread.</param>
public sealed record OpenedDataset(DatasetManifest Manifest, IShardSource Shards, Func<ShardSet> Cached);
