using DistTrain.Data.Storage;
using DistTrain.Training;

namespace DistTrain.Worker.Shards;

/// <summary>A dataset whose shards can be computed here.</summary>
/// <param name="Shards">Opens each when it is first asked for, on the caller's thread, which may wait for a fetch.</param>
/// <param name="Cached">The training shards that are here already, as of now.</param>
public sealed record OpenedDataset(DatasetManifest Manifest, IShardSource Shards, Func<ShardSet> Cached);
