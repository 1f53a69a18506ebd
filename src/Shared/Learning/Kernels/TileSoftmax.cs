using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using DistTrain.Numerics;

namespace DistTrain.Learning.Kernels;

/// <summary>
/// The softmax of a tile's rows, one row in each lane: the bits of <see cref="DoubleSoftmax.ToProbabilities"/> for each of them, with one logarithm
/// for all.
/// </summary>
sealed unsafe class TileSoftmax(int classCount)
{
    readonly Vector256<double>[] _exponentials = new Vector256<double>[classCount];
    readonly double[] _probabilities = new double[DoubleTile.RowsMax * classCount];
    readonly double[] _logSums = new double[DoubleTile.RowsMax];

    /// <summary>p of a row, [K].</summary>
    public ReadOnlySpan<double> ProbabilitiesOf(int index) => _probabilities.AsSpan(index * classCount, classCount);

    /// <summary>log Σ exp(z_k − max z) of a row; NaN where a logit is NaN or +∞.</summary>
    public double LogSumOf(int index) => _logSums[index];

    /// <param name="tile">At least one row; its lanes hold logits, and are not changed.</param>
    [MethodImpl(Compilation.Full)]
    public void Take(DoubleTile tile)
    {
        // Where the tile has fewer rows, the first one is computed again.
        double* z0 = tile.LanesAt(0), z1 = LanesOr(z0, tile, 1), z2 = LanesOr(z0, tile, 2), z3 = LanesOr(z0, tile, 3);
        var max = Vector256.Create(z0[0], z1[0], z2[0], z3[0]);
        for (var k = 1; k < classCount; k++)
        {
            var z = Vector256.Create(z0[k], z1[k], z2[k], z3[k]);
            max = Vector256.ConditionalSelect(Vector256.GreaterThan(z, max), z, max);
        }
        var sum = Vector256<double>.Zero;
        for (var k = 0; k < classCount; k++)
        {
            _exponentials[k] = PinnedMath.Exp(Vector256.Create(z0[k], z1[k], z2[k], z3[k]) - max);
            sum += _exponentials[k];
        }
        for (var k = 0; k < classCount; k++)
        {
            var p = _exponentials[k] / sum;
            for (var i = 0; i < DoubleTile.RowsMax; i++) _probabilities[i * classCount + k] = p.GetElement(i);
        }
        // Of what is no number, the logarithm in lanes knows nothing.
        Vector256.ConditionalSelect(Vector256.Equals(sum, sum), PinnedMath.Log(sum), sum).CopyTo(_logSums);
    }

    static double* LanesOr(double* first, DoubleTile tile, int index) => index < tile.Count ? tile.LanesAt(index) : first;
}
