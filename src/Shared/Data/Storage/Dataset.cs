using System.Collections.Concurrent;
using System.Collections.Immutable;
using DistTrain.Data.Schema;

namespace DistTrain.Data.Storage;

/// <summary>A dataset in memory: what workers open shards from, and what everyone knows about it.</summary>
/// <remarks>
/// Shards are held by rows and take the kernels' form when first opened, on the caller's thread, once: a run that reads only
/// batches never pays for whole shards. Whoever asks for the same form meanwhile waits for it. Only batches of fewer than
/// <see cref="KeptBatchRows"/> rows are made anew each time: to keep very many of them would take more memory than the rows do.
/// </remarks>
public sealed class Dataset : IShardSource
{
    /// <summary>Fewest rows, on average, of the batches that are kept.</summary>
    const int KeptBatchRows = 8;

    readonly ImmutableArray<ShardRows> _trainingRows;
    readonly ImmutableArray<Lazy<Shard>> _training;
    readonly ImmutableArray<Lazy<Shard>> _validation;
    readonly ConcurrentDictionary<(ShardId Shard, int BatchCount), ImmutableArray<Lazy<Shard>>> _batches = new();

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

    public Shard OpenBatch(ShardId shard, int batch, int batchCount)
    {
        if (batchCount == 1) return Open(DatasetPart.Training, shard);

        var rows = _trainingRows[shard.Index];
        return rows.RowCount / batchCount < KeptBatchRows
            ? rows.ToBatch(shard, batch, batchCount)
            : _batches.GetOrAdd((shard, batchCount), BatchesWhenOpened)[batch].Value;
    }

    ImmutableArray<Lazy<Shard>> BatchesWhenOpened((ShardId Shard, int BatchCount) key) =>
        [.. Enumerable.Range(0, key.BatchCount).Select(batch =>
            new Lazy<Shard>(() => _trainingRows[key.Shard.Index].ToBatch(key.Shard, batch, key.BatchCount)))];

    static ImmutableArray<Lazy<Shard>> WhenOpened(ImmutableArray<ShardRows> shards) =>
        [.. shards.Select((rows, index) => new Lazy<Shard>(() => rows.ToShard(new ShardId(index))))];
}
