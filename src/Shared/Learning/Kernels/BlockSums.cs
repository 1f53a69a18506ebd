using System.Runtime.Intrinsics;
using DistTrain.Data.Storage;
using DistTrain.Numerics;

namespace DistTrain.Learning.Kernels;

/// <summary>The sums of one block on their way from floats to exact integers.</summary>
/// <remarks>
/// A float sum that runs over thousands of rows loses digits: alike rows err alike. So float sums are folded into doubles every
/// <see cref="FloatRun"/> rows, which costs next to nothing, and these are rounded once at the block's end.
/// </remarks>
sealed unsafe class BlockSums(ModelShape shape, FeatureLayout layout, Scales scales)
{
    /// <summary>Rows of a block, or nonzeros of a sparse column, over which a float sum may run.</summary>
    public const int FloatRun = 128;

    /// <summary>A block whose mean loss passes this is refused: at the scalar scale it is still far from the end of 128 bits.</summary>
    const double MeanLossMax = 1L << 60;

    readonly AlignedMemory<float> _dense = new(checked(shape.FreeClassCount * layout.DenseStride));
    readonly AlignedMemory<double> _denseTotals = new(checked(shape.FreeClassCount * layout.DenseStride));
    readonly AlignedMemory<float> _intercepts = new(shape.FreeClassCount * 8);
    readonly AlignedMemory<double> _interceptTotals = new(shape.FreeClassCount * 8);
    WideLanes _losses;

    /// <summary>Gradient of the dense columns since the last fold, [K − 1][stride].</summary>
    public float* Dense => _dense.First;

    /// <summary>Gradient of the intercepts since the last fold, in eight lanes, [K − 1][8].</summary>
    public float* Intercepts => _intercepts.First;

    public void Clear()
    {
        _denseTotals.Span.Clear();
        _interceptTotals.Span.Clear();
        _losses = default;
    }

    public void AddLosses(Vector256<float> losses) => _losses.Add(losses);

    /// <summary>Moves the float sums into the block's totals. After the last step of a block too.</summary>
    public void Fold()
    {
        Fold(_dense, _denseTotals);
        Fold(_intercepts, _interceptTotals);
    }

    /// <summary>Rounds the block into <paramref name="sums"/>. False, and no gradient, where its loss is not finite or too large.</summary>
    public bool AddTo(EvaluationSums sums, BlockRows rows)
    {
        sums.Weight += FixedPoint.RoundWide(rows.WeightSum, scales.Scalar);
        sums.TrainingWeight += FixedPoint.RoundWide(rows.TrainingWeightSum, scales.Scalar);
        sums.RowCount += rows.WeightedCount;
        sums.ImpossibleRowCount += rows.ImpossibleCount;

        var loss = _losses.Total;
        if (!IsWithin(loss, rows.WeightSum))
        {
            sums.NonFinite = true;
            return false;
        }

        sums.Loss += FixedPoint.RoundWide(loss, scales.Scalar);
        AddGradient(sums.Gradient);
        return true;
    }

    /// <summary>Whether a block's loss can be added; false for NaN.</summary>
    public static bool IsWithin(double loss, double weightSum) => loss <= weightSum * MeanLossMax;

    void AddGradient(long[] gradient)
    {
        var classes = shape.FreeClassCount;
        for (var c = 0; c < classes; c++)
        {
            var dense = _denseTotals.First + (nint)c * layout.DenseStride;
            for (var d = 0; d < layout.DenseCount; d++) gradient[d * classes + c] += FixedPoint.Round(dense[d] * scales.Features[d]);

            var lanes = Vector256.Load(_interceptTotals.First + 8 * c) + Vector256.Load(_interceptTotals.First + 8 * c + 4);
            var intercept = (lanes[0] + lanes[1]) + (lanes[2] + lanes[3]);
            gradient[gradient.Length - classes + c] += FixedPoint.Round(intercept * scales.Intercept);
        }
    }

    /// <summary>totals += sums; sums = 0. Whole vectors of eight.</summary>
    static void Fold(AlignedMemory<float> sums, AlignedMemory<double> totals)
    {
        for (nint i = 0; i < sums.Length; i += 8)
        {
            var sum = Vector256.Load(sums.First + i);
            (Vector256.Load(totals.First + i) + Vector256.WidenLower(sum)).Store(totals.First + i);
            (Vector256.Load(totals.First + i + 4) + Vector256.WidenUpper(sum)).Store(totals.First + i + 4);
            Vector256<float>.Zero.Store(sums.First + i);
        }
    }
}
