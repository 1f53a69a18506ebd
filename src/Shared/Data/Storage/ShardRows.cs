namespace DistTrain.Data.Storage;

/// <summary>
/// A shard by rows: what its kernel form is made from, whole or as slices, when it is first asked for. Dense rows are shared by all
/// forms; sparse columns are built for each. Filled by the one who makes it, then only read.
/// </summary>
sealed class ShardRows
{
    readonly FeatureLayout _layout;

    /// <summary>Room for <paramref name="rowCount"/> rows; sparse features are set later.</summary>
    public ShardRows(int rowCount, FeatureLayout layout, bool weighted, DenseFormat format = DenseFormat.Full)
        : this(rowCount, layout, weighted, new DenseRows(rowCount, layout.DenseStride, format))
    {
    }

    /// <summary>The same with dense rows that are there already.</summary>
    public ShardRows(int rowCount, FeatureLayout layout, bool weighted, DenseRows dense)
    {
        _layout = layout;
        RowCount = rowCount;
        Dense = dense;
        Codes = [.. layout.Coded.Select(_ => new byte[rowCount])];
        Labels = new int[rowCount];
        Weights = weighted ? new float[rowCount] : null;
        SourceRows = new int[rowCount];
        Sparse = new SparseRows(new int[rowCount + 1], [], null);
    }

    /// <summary>The rows that a kernel form was made of; all but the sparse features are shared with it.</summary>
    public ShardRows(Shard form, FeatureLayout layout)
    {
        _layout = layout;
        RowCount = form.RowCount;
        Dense = form.Dense;
        Codes = [.. form.Codes];
        Labels = form.Labels;
        Weights = form.Weights;
        SourceRows = form.SourceRows;
        Sparse = SparseRowsBuilder.Build(form.Sparse, form.RowCount);
    }

    public int RowCount { get; }

    public DenseRows Dense { get; }

    /// <summary>For each coded column of the layout, one byte per row.</summary>
    public byte[][] Codes { get; }

    public int[] Labels { get; }

    public float[]? Weights { get; }

    public int[] SourceRows { get; }

    public SparseRows Sparse { get; set; }

    public float WeightOf(int row) => Weights is null ? 1f : Weights[row];

    /// <summary>The kernel form of all rows.</summary>
    public Shard ToShard(ShardId id) => new()
    {
        Id = id,
        RowCount = RowCount,
        Dense = Dense,
        Codes = [.. Codes],
        Sparse = Sparse.ToColumns(0, RowCount, _layout.SparseCount),
        Labels = Labels,
        Weights = Weights,
        SourceRows = SourceRows,
    };

    /// <summary>The kernel form of some of its rows.</summary>
    public Shard ToSlice(ShardSlice slice) => ToPiece(slice.Shard, slice.First, slice.End);

    Shard ToPiece(ShardId id, int first, int end) => new()
    {
        Id = id,
        RowCount = end - first,
        Dense = Dense.Slice(first, end - first),
        Codes = [.. Codes.Select(codes => codes[first..end])],
        Sparse = Sparse.ToColumns(first, end, _layout.SparseCount),
        Labels = Labels[first..end],
        Weights = Weights?[first..end],
        SourceRows = SourceRows[first..end],
    };
}
