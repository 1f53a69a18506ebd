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
        EncodeRows((row, encoded) =>
        {
            if (placement[row] is ({ } shard, var position)) shard.Write(position, encoded, row, labels[row], weight: 1);
        });
    }

    /// <summary>Where all that was counted is sparse, the counts say how much room is needed; else it is read to know.</summary>
    void MakeRoomForSparse()
    {
        var rooms = new Dictionary<ShardRows, SparseRoom>();
        for (var row = 0; row < labels.Length; row++)
        {
            if (placement[row].Shard is { } shard && !rooms.ContainsKey(shard)) rooms.Add(shard, new SparseRoom(shard.RowCount));
        }
        if (Array.TrueForAll(columns.Indices, _places.IsSparse))
        {
            for (var row = 0; row < labels.Length; row++)
            {
                var content = columns.Rows[row];
                if (placement[row] is ({ } shard, var position)) rooms[shard].Reserve(position, content.NonzeroCount, content.HasOthers);
            }
        }
        else
        {
            EncodeRows((row, encoded) =>
            {
                if (placement[row] is ({ } shard, var position)) rooms[shard].Reserve(position, encoded.SparseValues);
            });
        }
        foreach (var (shard, room) in rooms) shard.Sparse = room.ToRows();
    }

    void EncodeRows(Action<int, EncodedRow> then) => columns.Read((chunk, text) =>
    {
        if (!_idle.TryTake(out var encoded)) encoded = new EncodedRow(plan.Layout);
        var (row, end) = (columns.FirstRows[chunk], columns.FirstRows[chunk + 1]);
        while (text.NextRow())
        {
            if (row == end || !text.TryReadLabel(out _) || !TryEncode(ref text, encoded)) return false;
            then(row++, encoded);
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
