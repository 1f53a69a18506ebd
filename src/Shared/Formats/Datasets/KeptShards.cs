using System.Collections.Immutable;
using DistTrain.Data.Storage;

namespace DistTrain.Formats.Datasets;

/// <summary>
/// The kernel forms of whole shards: the first that are opened are kept until their memory is used up, the others are made anew each time.
/// Passes go round and round: whatever else were kept in place of a shard would be gone before it is wanted again.
/// </summary>
/// <param name="rowsOf">The rows of a shard.</param>
/// <param name="bytesMax">What those that are kept may take, dense rows in files not counted.</param>
sealed class KeptShards(DatasetManifest manifest, Func<DatasetPart, ShardId, ShardRows> rowsOf, long bytesMax)
{
    readonly ImmutableArray<Slot> _training = [.. manifest.TrainingRows.Select(_ => new Slot())];
    readonly ImmutableArray<Slot> _validation = [.. manifest.ValidationRows.Select(_ => new Slot())];
    long _bytes;

    public Shard Open(DatasetPart part, ShardId shard)
    {
        var slot = (part == DatasetPart.Training ? _training : _validation)[shard.Index];
        if (slot.Shard is { } kept) return kept;
        var rows = rowsOf(part, shard);
        var form = rows.ToShard(shard);
        return TryTakeRoom(BytesOf(rows)) ? slot.Shard = form : form;
    }

    /// <summary>What is taken once is never given back. Two that make the same shard at once both count it.</summary>
    bool TryTakeRoom(long bytes)
    {
        if (Interlocked.Add(ref _bytes, bytes) <= bytesMax) return true;
        Interlocked.Add(ref _bytes, -bytes);
        return false;
    }

    /// <summary>Labels, numbers and weights of rows, codes, nonzeros by column.</summary>
    long BytesOf(ShardRows rows) =>
        (long)rows.RowCount * (3 * sizeof(int) + rows.Codes.Length)
        + rows.Sparse.Features.LongLength * (sizeof(ushort) + sizeof(float)) + (long)manifest.Layout.SparseCount * sizeof(int);

    sealed class Slot
    {
        volatile Shard? _shard;

        public Shard? Shard
        {
            get => _shard;
            set => _shard = value;
        }
    }
}
