using System.Runtime.CompilerServices;
using DistTrain.Data.Storage;
using DistTrain.Numerics;

namespace DistTrain.Learning.Kernels;

/// <summary>
/// z = W·x + b in double for all K classes, the same for training and prediction: a row's sparse columns as they are stored, then the
/// intercept, the dense columns, and the coded ones.
/// </summary>
/// <remarks>Rows have their logits in lanes (<see cref="DoubleLanes"/>).</remarks>
static unsafe class DoubleLogits
{
    /// <summary>z_k += x · w_k for the classes of one feature.</summary>
    public static void Add(ReadOnlySpan<double> weights, double x, Span<double> logits)
    {
        for (var k = 0; k < logits.Length; k++) logits[k] += x * weights[k];
    }

    /// <summary>Adds the sparse columns' part to the logits of all rows.</summary>
    /// <param name="logits">[rows][lanes].</param>
    [MethodImpl(Compilation.Full)]
    public static void AddSparse(DoubleTable table, FeatureLayout layout, int classCount, SparseColumns columns, double* logits)
    {
        var lanes = DoubleLanes.CountOf(classCount);
        fixed (double* values = table.Values)
        {
            foreach (var run in new SparseRuns(columns))
            {
                var weights = values + (nint)(layout.SparseFirst + run.Feature) * classCount;
                for (var i = 0; i < run.Rows.Length; i++)
                    DoubleLanes.Add(weights, run.ValueAt(i), logits + (nint)run.Rows[i] * lanes, lanes);
            }
        }
    }

    /// <summary>Adds intercepts, dense and coded columns to the logits of a tile's rows.</summary>
    public static void AddRows(DoubleTable table, FeatureLayout layout, int classCount, Shard shard, DoubleTile tile)
    {
        var lanes = DoubleLanes.CountOf(classCount);
        fixed (double* values = table.Values)
        {
            for (var i = 0; i < tile.Count; i++)
                DoubleLanes.Add(values + (nint)layout.FeatureCount * classCount, 1, tile.LanesAt(i), lanes);
            if (layout.DenseCount > 0) AddDense(table, shard.Dense, classCount, tile);
            for (var i = 0; i < tile.Count; i++) AddCoded(values, layout, classCount, shard, tile.RowAt(i), tile.LanesAt(i));
        }
    }

    static void AddDense(DoubleTable table, DenseRows rows, int classCount, DoubleTile tile)
    {
        fixed (float* first = rows.Elements())
        {
            if (rows.Format == DenseFormat.Full) tile.AddDense<Float32Values>((byte*)first, rows.Stride, table.Dense.First, classCount);
            else tile.AddDense<Bf16Values>((byte*)first, rows.Stride, table.Dense.First, classCount);
        }
    }

    [MethodImpl(Compilation.Full)]
    static void AddCoded(double* values, FeatureLayout layout, int classCount, Shard shard, int row, double* logits)
    {
        for (var column = 0; column < layout.Coded.Length; column++)
        {
            foreach (var feature in new CodeFeatures(layout.Coded[column], shard.Codes[column][row]))
                DoubleLanes.Add(values + (nint)feature * classCount, 1, logits, DoubleLanes.CountOf(classCount));
        }
    }
}
