using DistTrain.Numerics;

namespace DistTrain.Learning.Optimizers.Minibatch;

/// <summary>Penalties as a flow along the sum of the learning rates, in the metric of the optimiser.</summary>
/// <remarks>
///   dw/dh = −(s·λ₂ + δ)·w − s·λ₁·sign w,   h = Σ ηₜ
/// with s the metric of the weight (<see cref="IUpdateTransform.Measure"/>) and δ the decoupled decay of AdamW. A step's share of it is the
/// proximal step of FOBOS (Duchi and Singer, JMLR 10, 2009) to first order, stable for any rate, and stops at 0. As a flow it does
/// not matter in how many pieces it is taken: what a weight owes after a thousand steps without a gradient, all at the same s, is one formula:
///   |w| ← max(0, |w|·e^−x − s·λ₁·h·φ(x)),   x = (s·λ₂ + δ)·h,   φ(x) = (1 − e^−x)/x.
/// </remarks>
/// <param name="l2">λ₂ of each feature, at least 0; not written by either side.</param>
/// <param name="l1">λ₁ of each feature, at least 0; not written by either side.</param>
/// <param name="decay">δ, at least 0.</param>
public sealed class PenaltyFlow(double[] l2, double[] l1, double decay = 0)
{
    /// <summary>Below this x the series of φ is used: there it is exact to rounding, and 1 − e^−x is not.</summary>
    const double SeriesMax = 0.25;

    /// <summary>Whether any weight is penalised at all.</summary>
    public bool IsNone { get; } = decay == 0 && !l2.AsSpan().ContainsAnyExcept(0) && !l1.AsSpan().ContainsAnyExcept(0);

    /// <summary>λ₂ of a feature; 0 for the intercepts.</summary>
    public double L2Of(int feature) => feature < l2.Length ? l2[feature] : 0;

    /// <summary>λ₁ of a feature; 0 for the intercepts.</summary>
    public double L1Of(int feature) => feature < l1.Length ? l1[feature] : 0;

    /// <summary>λ₂/2 Σ w² + λ₁ Σ |w| of one feature; decoupled decay is no part of the objective.</summary>
    public double ValueOf(int feature, ReadOnlySpan<double> weights)
    {
        if (feature >= l2.Length) return 0;
        var (squares, sizes) = (0.0, 0.0);
        foreach (var weight in weights)
        {
            squares += weight * weight;
            sizes += Math.Abs(weight);
        }
        return l2[feature] / 2 * squares + l1[feature] * sizes;
    }

    /// <summary>Lets the weights of one feature flow; intercepts stay.</summary>
    /// <param name="sizes">s of each weight.</param>
    /// <param name="length">h, at least 0.</param>
    public void Flow(int feature, Span<double> weights, ReadOnlySpan<double> sizes, double length)
    {
        if (feature >= l2.Length || length == 0) return;
        for (var k = 0; k < weights.Length; k++)
        {
            if (weights[k] != 0) weights[k] = Flow(weights[k], (sizes[k] * l2[feature] + decay) * length, sizes[k] * l1[feature] * length);
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

    /// <summary>The same by φ(x) = 1 − x/2 + x²/6 − …; twelve terms leave 1e-18 at the largest x.</summary>
    static (double Left, double Share) BySeries(double x)
    {
        var share = 1.0;
        for (var n = 12; n >= 2; n--) share = 1 - x / n * share;
        return (1 - x * share, share);
    }
}
