using DistTrain.Numerics;

namespace DistTrain.Learning.Optimizers.Minibatch;

/// <summary>Penalties as a flow along the sum of the learning rates, in the metric of the optimiser.</summary>
/// <remarks>
///   dw/dh = −(s·λ₂ + δ)·w − s·λ₁·sign w,   h = Σ ηₜ
/// with s the metric of the weight (<see cref="IUpdateTransform.Measure"/>) and δ the decoupled decay of AdamW. A step's share of it is the
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

    /// <summary>Lets weights flow.</summary>
    /// <param name="sizes">s of each weight.</param>
    /// <param name="length">h, at least 0.</param>
    public void Flow(Span<double> weights, ReadOnlySpan<double> sizes, double length)
    {
        if (length == 0) return;
        for (var k = 0; k < weights.Length; k++)
        {
            if (weights[k] != 0) weights[k] = Flow(weights[k], (sizes[k] * L2 + Decay) * length, sizes[k] * L1 * length);
        }
    }

    static double Flow(double weight, double shrinking, double subtraction)
    {
        var (left, share) = shrinking > SeriesMax ? ByExponential(shrinking) : BySeries(shrinking);
        var size = Math.Abs(weight) * left - subtraction * share;
        return size > 0 ? Math.CopySign(size, weight) : 0;
    }

    /// <summary>e^−x and φ(x).</summary>
    static (double Left, double Share) ByExponential(double x)
    {
        var left = PinnedMath.Exp(-x);
        return (left, (1 - left) / x);
    }

    /// <summary>The same by φ(x) = 1 − x/2 + x²/6 − …, of as many terms as leave less than 3e-18.</summary>
    static (double Left, double Share) BySeries(double x)
    {
        var share = 1.0;
        for (var n = TermsOf(x); n >= 2; n--) share = 1 - x * Inverses[n] * share;
        return (1 - x * share, share);
    }

    /// <summary>The flow of one step is short: three terms do for nearly all.</summary>
    static int TermsOf(double x) => x <= 1.0 / (1 << 18) ? 3 : x <= 1.0 / (1 << 8) ? 6 : 12;

    /// <summary>1/n.</summary>
    static ReadOnlySpan<double> Inverses =>
        [0, 1, 1.0 / 2, 1.0 / 3, 1.0 / 4, 1.0 / 5, 1.0 / 6, 1.0 / 7, 1.0 / 8, 1.0 / 9, 1.0 / 10, 1.0 / 11, 1.0 / 12];
}
