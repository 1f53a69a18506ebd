using System.Collections.Immutable;
using DistTrain.Data.Schema;

namespace DistTrain.Data.Storage;

/// <summary>A dataset in memory: what workers open shards from, and what everyone knows about it.</summary>
public sealed class Dataset : IShardSource
{
    readonly ImmutableArray<Shard> _training;
    readonly ImmutableArray<Shard> _validation;
    readonly Func<ShardId, int, int, Shard> _openBatch;

    /// <param name="openBatch">Gives a fixed small batch of a training shard: (shard, batch, batchCount).</param>
    internal Dataset(
        DatasetManifest manifest, FeatureSchema schema, ClassList classes,
        ImmutableArray<Shard> training, ImmutableArray<Shard> validation, Func<ShardId, int, int, Shard> openBatch)
    {
        (Manifest, Schema, Classes) = (manifest, schema, classes);
        (_training, _validation, _openBatch) = (training, validation, openBatch);
    }

    public DatasetManifest Manifest { get; }

    public FeatureSchema Schema { get; }

    public ClassList Classes { get; }

    public Shard Open(DatasetPart part, ShardId shard) =>
        (part == DatasetPart.Training ? _training : _validation)[shard.Index];

    public Shard OpenBatch(ShardId shard, int batch, int batchCount) => _openBatch(shard, batch, batchCount);
}
