using System.Collections.Immutable;
using DistTrain.Data.Storage;
using DistTrain.Problems;

namespace DistTrain.Formats.Datasets;

/// <summary>
/// A shard's rows as an Arrow file: <c>sourceRow</c>, <c>label</c> (place among the active classes; −1 − i for inactive class i),
/// <c>weight</c> where there are weights, <c>code0</c> … one byte for each coded column, <c>sparse</c> lists of (index, value), <c>dense</c>
/// lists of floats, padded with zeros to whole vectors of eight; <c>denseBf16</c> in its place holds their upper 16 bits.
/// </summary>
static class ShardFile
{
    const string SourceRow = "sourceRow";
    const string Label = "label";
    const string Weight = "weight";
    const string Sparse = "sparse";
    const string Dense = "dense";
    const string DenseBf16 = "denseBf16";

    public static void Write(Stream stream, ShardRows rows, FeatureLayout layout) =>
        ArrowFile.Write(stream, rows.RowCount, ColumnsOf(rows, layout));

    /// <summary>Bytes of the numbers, before any is written.</summary>
    public static long BytesOf(ShardRows rows, FeatureLayout layout) =>
        (long)rows.RowCount * (4 * sizeof(int) + layout.Coded.Length + (long)rows.Dense.RowBytes)
        + (long)rows.Sparse.Features.Length * (sizeof(int) + sizeof(float));

    /// <summary>The rows in <paramref name="file"/>; dense ones are read in place where its memory allows.</summary>
    /// <param name="rowCount">As the manifest says.</param>
    /// <exception cref="DistTrainException">DT4706: what kernels could not bear, or other columns.</exception>
    public static ShardRows Read(
        ReadOnlyMemory<byte> file, int rowCount, DatasetManifest manifest, Func<string, DistTrainException> refuse)
    {
        var rows = ArrowFile.Read(file, table => table.RowCount == rowCount
            ? RowsOf(table, manifest.Layout)
            : throw refuse(FormattableString.Invariant($"it has {table.RowCount} rows where the manifest says {rowCount}")), refuse);
        ShardCheck.Require(rows, manifest, refuse);
        return rows;
    }

    static ShardRows RowsOf(ArrowTable table, FeatureLayout layout)
    {
        var weighted = table.Has(Weight);
        var rows = new ShardRows(table.RowCount, layout, weighted, DenseOf(table, layout));
        table.Numbers<int>(SourceRow).CopyTo(rows.SourceRows);
        table.Numbers<int>(Label).CopyTo(rows.Labels);
        if (weighted) table.Numbers<float>(Weight).CopyTo(rows.Weights);
        for (var i = 0; i < rows.Codes.Length; i++) table.Numbers<byte>(CodeName(i)).CopyTo(rows.Codes[i]);
        if (layout.SparseCount > 0)
        {
            var (starts, indices, values) = table.Sparse(Sparse);
            rows.Sparse = new SparseRows(starts, indices, values);
        }
        return rows;
    }

    static ImmutableArray<ArrowColumn> ColumnsOf(ShardRows rows, FeatureLayout layout)
    {
        var columns = ImmutableArray.CreateBuilder<ArrowColumn>();
        columns.Add(ArrowColumn.Of<int>(SourceRow, rows.SourceRows));
        columns.Add(ArrowColumn.Of<int>(Label, rows.Labels));
        if (rows.Weights is { } weights) columns.Add(ArrowColumn.Of<float>(Weight, weights));
        for (var i = 0; i < rows.Codes.Length; i++) columns.Add(ArrowColumn.Of<byte>(CodeName(i), rows.Codes[i]));
        if (layout.SparseCount > 0)
            columns.Add(ArrowColumn.OfSparse(Sparse, rows.Sparse.Starts, rows.Sparse.Features, rows.Sparse.Values));
        if (layout.DenseCount > 0) columns.Add(ColumnOf(rows.Dense));
        return columns.ToImmutable();
    }

    static ArrowColumn ColumnOf(DenseRows rows) => rows.Format == DenseFormat.Full
        ? ArrowColumn.OfLists<float>(Dense, rows.Bytes, rows.Stride)
        : ArrowColumn.OfLists<ushort>(DenseBf16, rows.Bytes, rows.Stride);

    static DenseRows DenseOf(ArrowTable table, FeatureLayout layout)
    {
        var (count, stride) = (table.RowCount, layout.DenseStride);
        return layout.DenseCount == 0 ? new DenseRows(count, 0)
            : layout.TrainingFormat == DenseFormat.Bf16 && table.Has(DenseBf16)
                ? DenseRows.Over(table.Lists<ushort>(DenseBf16, stride), count, stride, DenseFormat.Bf16)
                : DenseRows.Over(table.Lists<float>(Dense, stride), count, stride);
    }

    static string CodeName(int column) => FormattableString.Invariant($"code{column}");
}
