using System.Collections.Concurrent;
using System.Collections.Immutable;
using DistTrain.Data.Schema;

namespace DistTrain.Data.Storage;

/// <summary>A dataset in memory: what workers open shards from, and what everyone knows about it.</summary>
/// <remarks>
/// Shards are held by rows and take the kernels' form when first opened, on the caller's thread, once: a run that reads only
/// batches never pays for whole shards. Whoever asks for the same form meanwhile waits for it.
/// </remarks>
public sealed class Dataset : IShardSource
{
    readonly ImmutableArray<ShardRows> _trainingRows;
    readonly ImmutableArray<Lazy<Shard>> _training;
    readonly ImmutableArray<Lazy<Shard>> _validation;
    readonly ConcurrentDictionary<(ShardId Shard, int BatchCount), Lazy<Shard[]>> _batches = new();

    internal Dataset(
        DatasetManifest manifest, FeatureSchema schema, ClassList classes,
        ImmutableArray<ShardRows> training, ImmutableArray<ShardRows> validation)
    {
        (Manifest, Schema, Classes) = (manifest, schema, classes);
        _trainingRows = training;
        _training = WhenOpened(training);
        _validation = WhenOpened(validation);
    }

    public DatasetManifest Manifest { get; }

    public FeatureSchema Schema { get; }

    public ClassList Classes { get; }

    public Shard Open(DatasetPart part, ShardId shard) =>
        (part == DatasetPart.Training ? _training : _validation)[shard.Index].Value;

    public Shard OpenBatch(ShardId shard, int batch, int batchCount) =>
        batchCount == 1
            ? Open(DatasetPart.Training, shard)
            : _batches.GetOrAdd((shard, batchCount), BatchesWhenOpened).Value[batch];

    Lazy<Shard[]> BatchesWhenOpened((ShardId Shard, int BatchCount) key) =>
        new(() => _trainingRows[key.Shard.Index].ToBatches(key.Shard, key.BatchCount));

    static ImmutableArray<Lazy<Shard>> WhenOpened(ImmutableArray<ShardRows> shards) =>
        [.. shards.Select((rows, index) => new Lazy<Shard>(() => rows.ToShard(new ShardId(index))))];
}
