using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using DistTrain.Numerics;

namespace DistTrain.Learning.Optimizers;

/// <summary>The steepest slope of f(x) + Σ λᵢ|xᵢ|, f smooth: its gradient where it has one, else the subgradient nearest to 0.</summary>
/// <remarks>
/// Andrew and Gao, "Scalable training of L1-regularized log-linear models" (2007), equation 4. Its negative is the direction of steepest
/// descent; it is 0 exactly at a minimum of a convex function.
/// </remarks>
static class PseudoGradient
{
    /// <param name="gradient">∇f at <paramref name="point"/>.</param>
    /// <param name="l1">λ of each coordinate, at least 0; empty: none.</param>
    /// <returns>A new array; <paramref name="gradient"/> itself where there is no λ.</returns>
    /// <param name="vectors">Null: all on one thread.</param>
    public static double[] Of(double[] point, double[] gradient, double[] l1, LongVectors? vectors = null)
    {
        if (l1.Length == 0) return gradient;

        var result = SpareNumbers.TakeAny<double>(gradient.Length);
        (vectors ?? LongVectors.Serial).Run(result.Length, (_, piece) =>
            Of(point.AsSpan(piece), gradient.AsSpan(piece), l1.AsSpan(piece), result.AsSpan(piece)));
        return result;
    }

    /// <summary>Of a piece of long vectors.</summary>
    [MethodImpl(Compilation.Full)]
    static void Of(ReadOnlySpan<double> point, ReadOnlySpan<double> gradient, ReadOnlySpan<double> l1, Span<double> result)
    {
        var i = 0;
        for (; i <= result.Length - Vector256<double>.Count; i += Vector256<double>.Count)
        {
            var (x, slope, lambda) = (Vector256.Create(point[i..]), Vector256.Create(gradient[i..]), Vector256.Create(l1[i..]));
            var (upper, lower) = (slope + lambda, slope - lambda);
            // At 0 what λ does not hold: the part of the slope beyond it; NaN stays, as neither comparison says that it is held.
            var isBelow = Vector256.LessThan(slope, -lambda);
            var isHeld = Vector256.LessThanOrEqual(slope, lambda) & Vector256.GreaterThanOrEqual(slope, -lambda);
            var atZero = Vector256.AndNot(Vector256.ConditionalSelect(isBelow, upper, lower), isHeld);
            var isRight = Vector256.GreaterThan(x, Vector256<double>.Zero);
            var isLeft = Vector256.LessThan(x, Vector256<double>.Zero);
            Vector256.ConditionalSelect(isRight, upper, Vector256.ConditionalSelect(isLeft, lower, atZero)).CopyTo(result[i..]);
        }
        for (; i < result.Length; i++) result[i] = Of(point[i], gradient[i], l1[i]);
    }

    /// <summary>One coordinate.</summary>
    static double Of(double x, double slope, double l1)
    {
        if (x > 0) return slope + l1;
        if (x < 0) return slope - l1;
        if (slope > l1) return slope - l1;
        if (slope < -l1) return slope + l1;
        return double.IsNaN(slope) ? slope : 0;
    }
}
