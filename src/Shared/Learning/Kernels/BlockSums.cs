using System.Runtime.Intrinsics;
using DistTrain.Data.Storage;
using DistTrain.Numerics;

namespace DistTrain.Learning.Kernels;

/// <summary>The float sums of one block, and their rounding into exact ones.</summary>
sealed unsafe class BlockSums(ModelShape shape, FeatureLayout layout, Scales scales)
{
    /// <summary>A block whose mean loss passes this is refused: at the scalar scale it is still far from the end of 128 bits.</summary>
    const double MeanLossMax = 1L << 60;

    readonly AlignedMemory<float> _dense = new(checked(shape.FreeClassCount * layout.DenseStride));
    readonly AlignedMemory<float> _intercepts = new(shape.FreeClassCount * 8);
    Vector256<double> _lossLow;
    Vector256<double> _lossHigh;

    /// <summary>Gradient of the dense columns, [K − 1][stride].</summary>
    public float* Dense => _dense.First;

    /// <summary>Gradient of the intercepts in eight lanes, [K − 1][8].</summary>
    public float* Intercepts => _intercepts.First;

    public void Clear()
    {
        _dense.Span.Clear();
        _intercepts.Span.Clear();
        (_lossLow, _lossHigh) = (default, default);
    }

    public void AddLosses(Vector256<float> losses)
    {
        _lossLow += Vector256.WidenLower(losses);
        _lossHigh += Vector256.WidenUpper(losses);
    }

    /// <summary>Rounds the block into <paramref name="sums"/>. False, and no gradient, where its loss is not finite or too large.</summary>
    public bool AddTo(EvaluationSums sums, BlockRows rows)
    {
        sums.Weight += FixedPoint.RoundWide(rows.WeightSum, scales.Intercept);
        sums.RowCount += rows.WeightedCount;
        sums.ImpossibleRowCount += rows.ImpossibleCount;

        var lanes = _lossLow + _lossHigh;
        var loss = (lanes[0] + lanes[1]) + (lanes[2] + lanes[3]);
        if (!IsWithin(loss, rows.WeightSum))
        {
            sums.NonFinite = true;
            return false;
        }

        sums.Loss += FixedPoint.RoundWide(loss, scales.Intercept);
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
            var dense = new ReadOnlySpan<float>(Dense + (nint)c * layout.DenseStride, layout.DenseCount);
            for (var d = 0; d < dense.Length; d++) gradient[d * classes + c] += FixedPoint.Round(dense[d] * scales.Features[d]);

            var intercept = Transposition.SumAcross(Vector256.Load(Intercepts + 8 * c));
            gradient[layout.FeatureCount * classes + c] += FixedPoint.Round(intercept * scales.Intercept);
        }
    }
}
