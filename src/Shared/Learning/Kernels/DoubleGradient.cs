using DistTrain.Data.Storage;
using DistTrain.Numerics;

namespace DistTrain.Learning.Kernels;

/// <summary>The closing pass's gradient: doubles over a block, or over 4,096 nonzeros of a sparse column, then exact integers.</summary>
sealed class DoubleGradient(ModelShape shape, FeatureLayout layout, Scales scales, Targets targets)
{
    readonly int _freeClasses = shape.FreeClassCount;
    readonly double[] _intercepts = new double[shape.FreeClassCount];
    readonly double[] _run = new double[shape.FreeClassCount];

    // Dense and coded features of the block, [features][K − 1]; made when a gradient is first asked for.
    double[] _features = [];

    public void Clear(EvaluationKind kind)
    {
        if (!kind.HasGradient()) return;

        if (_features.Length == 0) _features = new double[checked(layout.SparseFirst * _freeClasses)];
        Array.Clear(_features);
        Array.Clear(_intercepts);
    }

    /// <summary>Turns a row's probabilities, [K], into weighted residuals v·(p − q), and adds these times the row's features.</summary>
    /// <param name="weight">v, the row's training weight.</param>
    public void Add(Shard shard, int row, double weight, Span<double> probabilities)
    {
        var share = targets.LabelSmoothing / probabilities.Length;
        probabilities[shard.Labels[row]] -= 1 - targets.LabelSmoothing;
        for (var k = 0; k < probabilities.Length; k++) probabilities[k] = (probabilities[k] - share) * weight;

        ReadOnlySpan<double> residuals = probabilities[1..];
        DoubleLogits.Add(residuals, 1, _intercepts);
        if (layout.DenseCount > 0)
        {
            var dense = shard.Dense.Row(row);
            for (var d = 0; d < layout.DenseCount; d++) DoubleLogits.Add(residuals, dense[d], FeatureOf(d));
        }
        for (var column = 0; column < layout.Coded.Length; column++)
        {
            foreach (var feature in new CodeFeatures(layout.Coded[column], shard.Codes[column][row]))
                DoubleLogits.Add(residuals, 1, FeatureOf(feature));
        }
    }

    /// <summary>Rounds the block's dense and coded columns and intercepts.</summary>
    public void AddTo(long[] gradient)
    {
        for (var d = 0; d < layout.SparseFirst; d++) Round(FeatureOf(d), d, scales.Features[d], gradient);
        Round(_intercepts, layout.FeatureCount, scales.Intercept, gradient);
    }

    /// <summary>Adds the sparse columns' gradient.</summary>
    /// <param name="residuals">Of all rows of the shard, [rows][K].</param>
    public void AddSparse(Shard shard, ReadOnlySpan<double> residuals, long[] gradient)
    {
        foreach (var run in new SparseRuns(shard.Sparse))
        {
            var feature = layout.SparseFirst + run.Feature;
            for (var start = 0; start < run.Rows.Length; start += Shard.BlockRows)
            {
                Array.Clear(_run);
                for (var i = start; i < Math.Min(start + Shard.BlockRows, run.Rows.Length); i++)
                    DoubleLogits.Add(residuals.Slice(run.Rows[i] * shape.ClassCount + 1, _freeClasses), run.ValueAt(i), _run);
                Round(_run, feature, scales.Features[feature], gradient);
            }
        }
    }

    Span<double> FeatureOf(int feature) => _features.AsSpan(feature * _freeClasses, _freeClasses);

    void Round(ReadOnlySpan<double> sums, int feature, double scale, long[] gradient)
    {
        for (var c = 0; c < sums.Length; c++) gradient[feature * _freeClasses + c] += FixedPoint.Round(sums[c] * scale);
    }
}
