using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace DistTrain.Data.Storage;

/// <summary>The kernel forms of a dataset's shards, made when first opened and then kept.</summary>
/// <remarks>
/// A form is made on the caller's thread, once: a run that reads only slices never pays for whole shards. Only slices of fewer than
/// <see cref="KeptSliceRows"/> rows are made anew each time: to keep very many of them would take more memory than the rows do.
/// </remarks>
/// <param name="wholeOf">The form of a whole shard.</param>
/// <param name="rowsOf">The rows of a training shard that is read in slices; asked once.</param>
sealed class ShardForms(
    DatasetManifest manifest, Func<DatasetPart, ShardId, Shard> wholeOf, Func<ShardId, ShardRows> rowsOf) : IShardSource
{
    /// <summary>Fewest rows of the slices that are kept.</summary>
    const int KeptSliceRows = 8;

    readonly ImmutableArray<Once<Shard>> _training = WhenOpened(DatasetPart.Training, manifest, wholeOf);
    readonly ImmutableArray<Once<Shard>> _validation = WhenOpened(DatasetPart.Validation, manifest, wholeOf);
    readonly ImmutableArray<Once<ShardRows>> _rows =
        [.. manifest.TrainingRows.Select((_, index) => new Once<ShardRows>(() => rowsOf(new ShardId(index))))];
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

    Shard FormOf(ShardSlice slice) => _rows[slice.Shard.Index].Value.ToSlice(slice);

    static ImmutableArray<Once<Shard>> WhenOpened(
        DatasetPart part, DatasetManifest manifest, Func<DatasetPart, ShardId, Shard> wholeOf) =>
        [.. manifest.RowsOf(part).Select((_, index) => new ShardId(index)).Select(id =>
            new Once<Shard>(() => wholeOf(part, id)))];
}
