using System.Collections.Concurrent;
using DistTrain.Data.Preparation;
using DistTrain.Data.Schema;
using DistTrain.Data.Storage;

namespace DistTrain.Data.Direct;

/// <summary>Reads the rows of counted columns again and writes them into their shards, several chunks of the text at once.</summary>
/// <param name="labels">For each row, as <see cref="Shard.Labels"/>.</param>
sealed class CountedEncoder(
    CountedColumns columns, IndexedColumnsSchema schema, StoragePlan plan, int[] labels, RowPlacement placement)
{
    readonly IndexedPlaces _places = new(schema, plan.Places);
    readonly ConcurrentBag<EncodedRow> _idle = [];

    public void Encode()
    {
        if (plan.Layout.SparseCount > 0) MakeRoomForSparse();
        EncodeRows(TryWrite);
    }

    /// <summary>False where the row is not what was counted.</summary>
    bool TryWrite(int row, EncodedRow encoded)
    {
        if (placement[row] is not ({ } shard, var position)) return true;
        if (encoded.SparseCount != shard.Sparse.Starts[position + 1] - shard.Sparse.Starts[position]) return false;
        shard.Write(position, encoded, row, labels[row], weight: 1);
        return true;
    }

    /// <summary>Where all that was counted is sparse, the counts say how much room is needed; else it is read to know.</summary>
    void MakeRoomForSparse()
    {
        SparseRoom[] rooms = [.. placement.Shards.Select(shard => new SparseRoom(shard!.RowCount))];
        if (Array.TrueForAll(columns.Indices, _places.IsSparse)) ReserveAsCounted(rooms);
        else EncodeRows(Reserve);
        for (var shard = 0; shard < rooms.Length; shard++) placement.Shards[shard]!.Sparse = rooms[shard].ToRows();

        bool Reserve(int row, EncodedRow encoded)
        {
            RoomOf(rooms, row)?.Reserve(placement[row].Position, encoded.SparseValues);
            return true;
        }
    }

    void ReserveAsCounted(SparseRoom[] rooms)
    {
        for (var row = 0; row < labels.Length; row++)
        {
            var content = columns.Rows[row];
            RoomOf(rooms, row)?.Reserve(placement[row].Position, content.NonzeroCount, content.HasOthers);
        }
    }

    SparseRoom? RoomOf(SparseRoom[] rooms, int row) => placement.ShardIndexOf(row) is >= 0 and var shard ? rooms[shard] : null;

    /// <param name="then">False ends the reading: the files have changed.</param>
    void EncodeRows(Func<int, EncodedRow, bool> then) => columns.Read((chunk, text) =>
    {
        if (!_idle.TryTake(out var encoded)) encoded = new EncodedRow(plan.Layout);
        var (row, end) = (columns.FirstRows[chunk], columns.FirstRows[chunk + 1]);
        while (text.NextRow())
        {
            if (row == end || !text.TryReadLabel(out _) || !TryEncode(ref text, encoded) || !then(row++, encoded)) return false;
        }
        _idle.Add(encoded);
        return row == end;
    });

    bool TryEncode(ref LibsvmCursor text, EncodedRow into)
    {
        into.Clear();
        NextPair next;
        while ((next = text.ReadPair(out var index, out var value)) is NextPair.Read)
        {
            if (value != 0) _places.Put(index, value, into);
        }
        return next is NextPair.None;
    }
}
