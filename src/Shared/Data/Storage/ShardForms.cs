using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace DistTrain.Data.Storage;

/// <summary>The kernel forms of a dataset's shards, made from their rows when first opened and then kept.</summary>
/// <remarks>
/// A form is made on the caller's thread, once: a run that reads only batches never pays for whole shards. Only batches of fewer than
/// <see cref="KeptBatchRows"/> rows are made anew each time: to keep very many of them would take more memory than the rows do.
/// </remarks>
/// <param name="rowsOf">The rows of a shard, for its whole form.</param>
/// <param name="batchRowsOf">The rows of a training shard that is read in batches, for each of them again.</param>
sealed class ShardForms(
    DatasetManifest manifest, Func<DatasetPart, ShardId, ShardRows> rowsOf, Func<ShardId, ShardRows> batchRowsOf) : IShardSource
{
    /// <summary>Fewest rows, on average, of the batches that are kept.</summary>
    const int KeptBatchRows = 8;

    readonly ImmutableArray<Once<Shard>> _training = WhenOpened(DatasetPart.Training, manifest, rowsOf);
    readonly ImmutableArray<Once<Shard>> _validation = WhenOpened(DatasetPart.Validation, manifest, rowsOf);
    readonly ConcurrentDictionary<(ShardId Shard, int BatchCount), ImmutableArray<Once<Shard>>> _batches = new();

    public Shard Open(DatasetPart part, ShardId shard) =>
        (part == DatasetPart.Training ? _training : _validation)[shard.Index].Value;

    public Shard OpenBatch(ShardId shard, int batch, int batchCount)
    {
        if (batchCount == 1) return Open(DatasetPart.Training, shard);

        return manifest.TrainingRows[shard.Index] / batchCount < KeptBatchRows
            ? batchRowsOf(shard).ToBatch(shard, batch, batchCount)
            : _batches.GetOrAdd((shard, batchCount), BatchesWhenOpened)[batch].Value;
    }

    ImmutableArray<Once<Shard>> BatchesWhenOpened((ShardId Shard, int BatchCount) key) =>
        [.. Enumerable.Range(0, key.BatchCount).Select(batch =>
            new Once<Shard>(() => batchRowsOf(key.Shard).ToBatch(key.Shard, batch, key.BatchCount)))];

    static ImmutableArray<Once<Shard>> WhenOpened(
        DatasetPart part, DatasetManifest manifest, Func<DatasetPart, ShardId, ShardRows> rowsOf) =>
        [.. manifest.RowsOf(part).Select((_, index) => new ShardId(index)).Select(id =>
            new Once<Shard>(() => rowsOf(part, id).ToShard(id)))];
}
