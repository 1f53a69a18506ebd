using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace DistTrain.Data.Storage;

/// <summary>The kernel forms of a dataset's shards, made from their rows when first opened and then kept.</summary>
/// <remarks>
/// A form is made on the caller's thread, once: a run that reads only slices never pays for whole shards. Only slices of fewer than
/// <see cref="KeptSliceRows"/> rows are made anew each time: to keep very many of them would take more memory than the rows do.
/// </remarks>
/// <param name="rowsOf">The rows of a shard, for its whole form.</param>
/// <param name="sliceRowsOf">The rows of a training shard that is read in slices, for each of them again.</param>
sealed class ShardForms(
    DatasetManifest manifest, Func<DatasetPart, ShardId, ShardRows> rowsOf, Func<ShardId, ShardRows> sliceRowsOf) : IShardSource
{
    /// <summary>Fewest rows of the slices that are kept.</summary>
    const int KeptSliceRows = 8;

    readonly ImmutableArray<Once<Shard>> _training = WhenOpened(DatasetPart.Training, manifest, rowsOf);
    readonly ImmutableArray<Once<Shard>> _validation = WhenOpened(DatasetPart.Validation, manifest, rowsOf);
    readonly ConcurrentDictionary<ShardSlice, Once<Shard>> _slices = new();

    public Shard Open(DatasetPart part, ShardId shard) =>
        (part == DatasetPart.Training ? _training : _validation)[shard.Index].Value;

    public Shard OpenSlice(ShardSlice slice)
    {
        if (slice.RowCount == manifest.TrainingRows[slice.Shard.Index]) return Open(DatasetPart.Training, slice.Shard);

        return slice.RowCount < KeptSliceRows
            ? FormOf(slice)
            : _slices.GetOrAdd(slice, key => new Once<Shard>(() => FormOf(key))).Value;
    }

    Shard FormOf(ShardSlice slice) => sliceRowsOf(slice.Shard).ToSlice(slice);

    static ImmutableArray<Once<Shard>> WhenOpened(
        DatasetPart part, DatasetManifest manifest, Func<DatasetPart, ShardId, ShardRows> rowsOf) =>
        [.. manifest.RowsOf(part).Select((_, index) => new ShardId(index)).Select(id =>
            new Once<Shard>(() => rowsOf(part, id).ToShard(id)))];
}
