using DistTrain.Data.Storage;
using DistTrain.Numerics;
using DistTrain.Problems;

namespace DistTrain.Formats.Datasets;

/// <summary>What kernels rely on about a shard and do not look at again: they read by pointer where a number says.</summary>
static class ShardCheck
{
    /// <exception cref="DistTrainException">What <paramref name="refuse"/> makes of the first fault.</exception>
    public static void Require(ShardRows rows, DatasetManifest manifest, Func<string, DistTrainException> refuse)
    {
        var layout = manifest.Layout;
        if (layout.SparseCount > 0 && rows.RowCount > Shard.SparseRowsMax) throw refuse("it has more rows than a shard can");
        RequireLabels(rows.Labels, manifest, refuse);
        if (rows.Weights is { } weights && !AllFinite(weights, least: 0)) throw refuse("a weight is negative or not finite");
        if (rows.SourceRows.AsSpan().ContainsAnyInRange(int.MinValue, -1)) throw refuse("a source row is negative");
        for (var i = 0; i < rows.Codes.Length; i++)
        {
            var greatest = (byte)(layout.Coded[i].CodeCount - 1);
            if (rows.Codes[i].AsSpan().ContainsAnyExceptInRange((byte)0, greatest)) throw refuse($"a code of column {i} names no feature");
        }
        RequireSparse(rows.Sparse, layout.SparseCount, refuse);
        if (!AllFinite(rows.Dense)) throw refuse("a dense value is not finite");
    }

    static void RequireLabels(int[] labels, DatasetManifest manifest, Func<string, DistTrainException> refuse)
    {
        if (labels.AsSpan().ContainsAnyExceptInRange(-manifest.InactiveClasses.Length, manifest.ClassCount - 1))
            throw refuse("a label is of no class");
    }

    static void RequireSparse(SparseRows sparse, int featureCount, Func<string, DistTrainException> refuse)
    {
        for (var row = 0; row < sparse.Starts.Length - 1; row++)
        {
            var previous = -1;
            foreach (var feature in sparse.Features.AsSpan(sparse.Starts[row]..sparse.Starts[row + 1]))
            {
                if (feature <= previous || feature >= featureCount) throw refuse($"features of row {row} are not ascending, or out of range");
                previous = feature;
            }
        }
        if (sparse.Values is not { } values) return;
        if (!AllFinite(values, least: float.MinValue) || values.Contains(0f)) throw refuse("a sparse value is 0 or not finite");
    }

    static bool AllFinite(DenseRows rows) => rows.Format == DenseFormat.Full
        ? AllFinite(rows.Values, least: float.MinValue)
        : Bfloat16.AllFinite(rows.Halves);

    /// <summary>No NaN either: it is at least nothing.</summary>
    static bool AllFinite(ReadOnlySpan<float> numbers, float least)
    {
        var all = true;
        foreach (var number in numbers) all &= number >= least && number <= float.MaxValue;
        return all;
    }
}
