using System.Collections.Immutable;
using DistTrain.Data.Storage;

namespace DistTrain.Data.Preparation;

/// <summary>Writes the rows of a table into their shards.</summary>
/// <remarks>
/// Rows are taken in the order of the input and by blocks, since a table lies by columns: each is then read forwards in stretches, and
/// a row is written at once. Sparse features are encoded twice, first to learn how much room each row needs.
/// </remarks>
sealed class TableEncoder
{
    const int BlockRows = 32;

    readonly AlignedTable _aligned;
    readonly int[] _labels;
    readonly RowPlacement _placement;
    readonly FeatureLayout _layout;
    readonly ImmutableArray<CellEncoder> _encoders;
    readonly ImmutableArray<CellEncoder> _sparseEncoders;

    /// <param name="labels">For each row, as <see cref="Shard.Labels"/>.</param>
    public TableEncoder(AlignedTable aligned, StoragePlan plan, int[] labels, RowPlacement placement)
    {
        (_aligned, _labels, _placement, _layout) = (aligned, labels, placement, plan.Layout);
        var encoders = EncodersOf(aligned, plan);
        _encoders = [.. encoders.Select(pair => pair.Encoder)];
        _sparseEncoders = [.. encoders.Where(pair => pair.IsSparse).Select(pair => pair.Encoder)];
    }

    public void Encode()
    {
        if (_layout.SparseCount > 0) MakeRoomForSparse();
        EncodeRows(_encoders, Write);
    }

    static List<(CellEncoder Encoder, bool IsSparse)> EncodersOf(AlignedTable aligned, StoragePlan plan)
    {
        var encoders = new List<(CellEncoder, bool)>();
        var feature = 0;
        foreach (var (schema, column) in aligned.Columns)
        {
            var places = plan.Places[feature..(feature + schema.FeatureCount)];
            encoders.Add((CellEncoder.Of(schema, column, places), Array.Exists(places, place => place.Storage == FeatureStorage.Sparse)));
            feature += schema.FeatureCount;
        }
        return encoders;
    }

    void MakeRoomForSparse()
    {
        var rooms = new Dictionary<ShardRows, SparseRoom>();
        EncodeRows(_sparseEncoders, Reserve);
        foreach (var (shard, room) in rooms) shard.Sparse = room.ToRows();

        void Reserve(int row, EncodedRow encoded)
        {
            var (shard, position) = _placement[row];
            if (shard is null) return;
            if (!rooms.TryGetValue(shard, out var room)) rooms.Add(shard, room = new SparseRoom(shard.RowCount));
            room.Reserve(position, encoded.SparseValues);
        }
    }

    void EncodeRows(ImmutableArray<CellEncoder> encoders, Action<int, EncodedRow> then)
    {
        var rowCount = _aligned.Table.RowCount;
        var rows = Enumerable.Range(0, BlockRows).Select(_ => new EncodedRow(_layout)).ToArray();
        for (var first = 0; first < rowCount; first += BlockRows)
        {
            var block = rows.AsSpan(0, Math.Min(BlockRows, rowCount - first));
            foreach (var row in block) row.Clear();
            foreach (var encoder in encoders) encoder.Encode(first, block);
            for (var i = 0; i < block.Length; i++) then(first + i, block[i]);
        }
    }

    void Write(int row, EncodedRow encoded)
    {
        var (shard, position) = _placement[row];
        shard?.Write(position, encoded, row, _labels[row], _aligned.Table.Weights?[row] ?? 1);
    }
}
