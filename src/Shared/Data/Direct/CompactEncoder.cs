using DistTrain.Data.Preparation;
using DistTrain.Data.Schema;
using DistTrain.Data.Storage;

namespace DistTrain.Data.Direct;

/// <summary>Makes shards of compact rows, each when it is asked for; several may be at once.</summary>
sealed class CompactEncoder
{
    readonly CompactColumns _columns;
    readonly FeatureLayout _layout;
    readonly int[] _labels;
    readonly IndexedPlaces _places;
    readonly Scratch<Worker> _workers;

    /// <param name="labels">For each row of the table, as <see cref="Shard.Labels"/>.</param>
    public CompactEncoder(CompactColumns columns, IndexedColumnsSchema schema, StoragePlan plan, int[] labels)
    {
        if (plan.Layout.DenseCount > 0 && !columns.Rows.IsExact) throw new InvalidOperationException("Dense features need exact values.");
        (_columns, _layout, _labels) = (columns, plan.Layout, labels);
        _places = new IndexedPlaces(schema, plan.Places);
        _workers = new Scratch<Worker>(() => new Worker(plan.Layout));
    }

    /// <summary>The rows of one shard.</summary>
    public ShardRows Make(ShardCut cut, ShardId shard)
    {
        var numbers = cut.RowsOf(shard);
        var rows = new ShardRows(numbers.Length, _layout, weighted: false, _layout.FormatOf(cut.Part));
        numbers.CopyTo(rows.SourceRows);
        _workers.Use(worker => Fill(rows, worker));
        return rows;
    }

    void Fill(ShardRows shard, Worker worker)
    {
        var sparse = new SparseRowsWriter(shard.RowCount, _layout.SparseCount == 0 ? 0 : CellsOf(shard));
        for (var position = 0; position < shard.RowCount; position++)
        {
            var row = shard.SourceRows[position];
            _columns.Rows.Read(row, worker.Row);
            Encode(worker.Row, worker.Encoded);
            shard.WriteHeld(position, worker.Encoded, row, _labels[row], weight: 1);
            sparse.Add(worker.Encoded.SparseFeatures, worker.Encoded.SparseValues);
        }
        if (_layout.SparseCount > 0) shard.Sparse = sparse.ToRows();
    }

    int CellsOf(ShardRows shard)
    {
        var cells = 0;
        foreach (var row in shard.SourceRows) cells += _columns.Rows.CellsOf(row);
        return cells;
    }

    void Encode(CompactRow row, EncodedRow into)
    {
        into.Clear();
        var indices = row.Indices;
        for (var i = 0; i < indices.Length; i++) _places.Put(indices[i], row.ValueAt(i), into);
    }

    /// <summary>What one thread works with.</summary>
    sealed class Worker(FeatureLayout layout)
    {
        public CompactRow Row { get; } = new();

        public EncodedRow Encoded { get; } = new(layout);
    }
}
