using DistTrain.Data.Preparation;
using DistTrain.Data.Tables;
using DistTrain.Data.Tables.Parsing;

namespace DistTrain.Data.Direct;

/// <summary>LIBSVM's features, kept in few bytes until they go to their shards.</summary>
/// <param name="Indices">The indices that occur with something else than 0, ascending.</param>
/// <param name="NonzeroCounts">For each of them, its nonzeros.</param>
/// <param name="HasOthers">For each of them, whether a nonzero is not 1.</param>
/// <param name="IndexBase">0 or 1.</param>
sealed record CompactColumns(ICompactRows Rows, int[] Indices, int[] NonzeroCounts, bool[] HasOthers, int IndexBase) : TableColumn("features")
{
    /// <summary>Whether a feature is held dense, if these rows are all there are.</summary>
    public bool MayBeDense(int rowCount) => Enumerable.Range(0, Indices.Length)
        .Any(i => StorageRule.OfNumber(rowCount, NonzeroCounts[i], !HasOthers[i]) is FeatureStorage.Dense);

    /// <summary>The cells of some rows, which are then numbered from 0.</summary>
    public IndexedColumns CellsOf(int[] rows)
    {
        var (starts, indices, values, cells) = (new long[rows.Length + 1], new GrowingArray<int>(), new GrowingArray<double>(), new CompactRow());
        Rows.Hold(rows);
        for (var r = 0; r < rows.Length; r++)
        {
            Rows.Read(rows[r], cells);
            for (var i = 0; i < cells.Indices.Length; i++)
            {
                indices.Add(cells.Indices[i]);
                values.Add(cells.ValueAt(i));
            }
            starts[r + 1] = indices.Count;
        }
        return new IndexedColumns(starts, indices.ToArray(), values.ToArray(), IndexBase);
    }
}
