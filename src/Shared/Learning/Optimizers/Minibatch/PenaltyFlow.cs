using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using DistTrain.Numerics;

namespace DistTrain.Learning.Optimizers.Minibatch;

/// <summary>Penalties as a flow along the sum of the learning rates, in the metric of the optimiser.</summary>
/// <remarks>
///   dw/dh = −(s·λ₂ + δ)·w − s·λ₁·sign w,   h = Σ ηₜ
/// with s the metric of the weight (<see cref="IUpdateRule.SizeOf"/>) and δ the decoupled decay of AdamW. A step's share of it is the
/// proximal step of FOBOS (Duchi and Singer, JMLR 10, 2009) to first order, stable for any rate, and stops at 0. As a flow it does
/// not matter in how many pieces it is taken: what a weight owes after a thousand steps without a gradient, all at the same s, is one
/// formula:
///   |w| ← max(0, |w|·e^−x − s·λ₁·h·φ(x)),   x = (s·λ₂ + δ)·h,   φ(x) = (1 − e^−x)/x.
/// </remarks>
/// <param name="L2">λ₂, at least 0.</param>
/// <param name="L1">λ₁, at least 0.</param>
/// <param name="Decay">δ, at least 0.</param>
public readonly record struct PenaltyFlow(double L2, double L1, double Decay = 0)
{
    /// <summary>Below this x the series of φ is used: there it is exact to rounding, and 1 − e^−x is not.</summary>
    const double SeriesMax = 0.25;

    /// <summary>λ₂/2 Σ w² + λ₁ Σ |w|; decoupled decay is no part of the objective.</summary>
    public double ValueOf(ReadOnlySpan<double> weights)
    {
        var (squares, sizes) = (0.0, 0.0);
        foreach (var weight in weights)
        {
            squares += weight * weight;
            sizes += Math.Abs(weight);
        }
        return L2 / 2 * squares + L1 * sizes;
    }

    /// <summary>The same, lane by lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<double> ValueOf(Vector256<double> weights) => weights * weights * (L2 / 2) + Vector256.Abs(weights) * L1;

    /// <summary>What weights flow to.</summary>
    /// <param name="sizes">s of each weight.</param>
    /// <param name="length">h, at least 0.</param>
    public Vector256<double> Flow(Vector256<double> weights, Vector256<double> sizes, double length)
    {
        var shrinking = ShrinkingOf(sizes, length);
        return FlowOf(weights, sizes, length, shrinking, PinnedMath.ExpToOne(-shrinking));
    }

    /// <summary>x: the first part of <see cref="Flow"/>. Whoever has many weights takes e^−x for all of them in between.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<double> ShrinkingOf(Vector256<double> sizes, double length) => (sizes * L2 + Vector256.Create(Decay)) * length;

    /// <summary>The last part.</summary>
    /// <param name="shrinking">x.</param>
    /// <param name="left">e^−x.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<double> FlowOf(
        Vector256<double> weights, Vector256<double> sizes, double length, Vector256<double> shrinking, Vector256<double> left) =>
        L1 == 0 ? weights * left : Subtract(weights * left, sizes * (L1 * length) * ShareOf(shrinking, left));

    /// <summary>The numbers drawn towards 0 by <paramref name="sizes"/>, and no further.</summary>
    static Vector256<double> Subtract(Vector256<double> numbers, Vector256<double> sizes)
    {
        var size = Vector256.Abs(numbers) - sizes;
        var signed = size | (numbers & Vector256.Create(-0.0));
        return signed & Vector256.GreaterThan(size, Vector256<double>.Zero);
    }

    /// <summary>
    /// φ(x), by 1 − x/2 + x²/6 − … where x is small, to less than 3e-18.
    /// </summary>
    /// <param name="left">e^−x.</param>
    static Vector256<double> ShareOf(Vector256<double> x, Vector256<double> left)
    {
        var series = Vector256<double>.One;
        for (var n = Inverses.Length - 1; n >= 2; n--) series = Vector256<double>.One - x * Inverses[n] * series;
        var whole = (Vector256<double>.One - left) / x;
        return Vector256.ConditionalSelect(Vector256.GreaterThan(x, Vector256.Create(SeriesMax)), whole, series);
    }

    /// <summary>1/n.</summary>
    static ReadOnlySpan<double> Inverses =>
        [0, 1, 1.0 / 2, 1.0 / 3, 1.0 / 4, 1.0 / 5, 1.0 / 6, 1.0 / 7, 1.0 / 8, 1.0 / 9, 1.0 / 10, 1.0 / 11, 1.0 / 12];
}
