using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace DistTrain.Data.Storage;

/// <summary>The kernel forms of a dataset's shards, made when first opened and then kept.</summary>
/// <remarks>
/// A form is made on the caller's thread, once: a run that reads only batches never pays for whole shards. Only batches of fewer than
/// <see cref="KeptBatchRows"/> rows are made anew each time: to keep very many of them would take more memory than the rows do.
/// </remarks>
/// <param name="wholeOf">The form of a whole shard.</param>
/// <param name="rowsOf">The rows of a training shard that is read in batches; asked once.</param>
sealed class ShardForms(
    DatasetManifest manifest, Func<DatasetPart, ShardId, Shard> wholeOf, Func<ShardId, ShardRows> rowsOf) : IShardSource
{
    /// <summary>Fewest rows, on average, of the batches that are kept.</summary>
    const int KeptBatchRows = 8;

    readonly ImmutableArray<Once<Shard>> _training = WhenOpened(DatasetPart.Training, manifest, wholeOf);
    readonly ImmutableArray<Once<Shard>> _validation = WhenOpened(DatasetPart.Validation, manifest, wholeOf);
    readonly ImmutableArray<Once<ShardRows>> _rows =
        [.. manifest.TrainingRows.Select((_, index) => new Once<ShardRows>(() => rowsOf(new ShardId(index))))];
    readonly ConcurrentDictionary<(ShardId Shard, int BatchCount), ImmutableArray<Once<Shard>>> _batches = new();

    public Shard Open(DatasetPart part, ShardId shard) =>
        (part == DatasetPart.Training ? _training : _validation)[shard.Index].Value;

    public Shard OpenBatch(ShardId shard, int batch, int batchCount)
    {
        if (batchCount == 1) return Open(DatasetPart.Training, shard);

        return manifest.TrainingRows[shard.Index] / batchCount < KeptBatchRows
            ? _rows[shard.Index].Value.ToBatch(shard, batch, batchCount)
            : _batches.GetOrAdd((shard, batchCount), BatchesWhenOpened)[batch].Value;
    }

    ImmutableArray<Once<Shard>> BatchesWhenOpened((ShardId Shard, int BatchCount) key) =>
        [.. Enumerable.Range(0, key.BatchCount).Select(batch =>
            new Once<Shard>(() => _rows[key.Shard.Index].Value.ToBatch(key.Shard, batch, key.BatchCount)))];

    static ImmutableArray<Once<Shard>> WhenOpened(
        DatasetPart part, DatasetManifest manifest, Func<DatasetPart, ShardId, Shard> wholeOf) =>
        [.. manifest.RowsOf(part).Select((_, index) => new ShardId(index)).Select(id =>
            new Once<Shard>(() => wholeOf(part, id)))];
}
