namespace DistTrain.Data.Storage;

/// <summary>Sparse features row by row (compressed sparse rows): what columns are built from, for a whole shard or a batch of it.</summary>
/// <param name="Starts">For each row its first entry, then the number of entries.</param>
/// <param name="Features">Sparse features, 0 being the layout's first; ascending within a row.</param>
/// <param name="Values">Their values; null where all are 1.</param>
sealed record SparseRows(int[] Starts, int[] Features, float[]? Values)
{
    /// <summary>Rows <paramref name="first"/> … <paramref name="end"/> − 1 by columns, rows numbered from 0.</summary>
    public SparseColumns ToColumns(int first, int end, int featureCount)
    {
        var (from, to) = (Starts[first], Starts[end]);
        if (from == to) return SparseColumns.Empty;

        var starts = new int[end - first + 1];
        for (var row = first; row <= end; row++) starts[row - first] = Starts[row] - from;
        return SparseColumnsBuilder.Build(
            end - first, starts, Features.AsSpan(from..to), Values is null ? [] : Values.AsSpan(from..to), featureCount);
    }
}
