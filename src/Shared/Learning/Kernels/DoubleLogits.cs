using DistTrain.Data.Storage;

namespace DistTrain.Learning.Kernels;

/// <summary>
/// z = W·x + b in double for all K classes, one feature after the other: simple, and the same for training and prediction.
/// </summary>
static class DoubleLogits
{
    /// <summary>z_k += x · w_k for the classes of one feature.</summary>
    public static void Add(ReadOnlySpan<double> weights, double x, Span<double> logits)
    {
        for (var k = 0; k < logits.Length; k++) logits[k] += x * weights[k];
    }

    /// <summary>Adds the sparse columns' part to the logits of all rows.</summary>
    /// <param name="logits">[rows][K].</param>
    public static void AddSparse(DoubleTable table, FeatureLayout layout, int classCount, SparseColumns columns, Span<double> logits)
    {
        foreach (var run in new SparseRuns(columns))
        {
            var weights = table.Of(layout.SparseFirst + run.Feature);
            for (var i = 0; i < run.Rows.Length; i++)
                Add(weights, run.ValueAt(i), logits.Slice(run.Rows[i] * classCount, classCount));
        }
    }

    /// <summary>Adds intercepts, dense and coded columns to the logits of one row, [K].</summary>
    public static void AddRow(DoubleTable table, FeatureLayout layout, Shard shard, int row, Span<double> logits)
    {
        Add(table.Of(layout.FeatureCount), 1, logits);
        if (layout.DenseCount > 0)
        {
            var dense = shard.Dense.Row(row);
            for (var d = 0; d < layout.DenseCount; d++) Add(table.Of(d), dense[d], logits);
        }
        for (var column = 0; column < layout.Coded.Length; column++)
        {
            foreach (var feature in new CodeFeatures(layout.Coded[column], shard.Codes[column][row])) Add(table.Of(feature), 1, logits);
        }
    }
}
