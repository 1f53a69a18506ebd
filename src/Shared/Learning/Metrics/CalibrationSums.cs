using DistTrain.Numerics;

namespace DistTrain.Learning.Metrics;

/// <summary>The log-loss of softmax(β·z) over some rows, with its slope and curvature in β, as exact sums at the scalar scale.</summary>
/// <remarks>
///   loss(β) = log Σₖ exp(βzₖ) − βz_y,   loss′(β) = E_p[z] − z_y,   loss″(β) = Var_p[z],   p = softmax(βz)
/// so it is convex in β, the inverse of the temperature. Rows whose class the softmax does not have are left out.
/// </remarks>
public sealed class CalibrationSums
{
    /// <summary>Beyond this a row's number cannot be added.</summary>
    const double Max = 1L << 60;

    /// <summary>Σ w.</summary>
    public WideInteger Weight { get; private set; }

    /// <summary>Σ w · loss.</summary>
    public WideInteger Loss { get; private set; }

    /// <summary>Σ w · loss′.</summary>
    public WideInteger Slope { get; private set; }

    /// <summary>Σ w · loss″.</summary>
    public WideInteger Curvature { get; private set; }

    /// <summary>Adds a row. False, and nothing added, where a number is not finite or too large.</summary>
    /// <param name="logits">Natural logits z, [K]; overwritten.</param>
    /// <param name="observed">The row's class.</param>
    /// <param name="weight">Above 0.</param>
    /// <param name="scale">The scalar scale.</param>
    public bool Add(Span<double> logits, int observed, double inverseTemperature, double weight, double scale)
    {
        // Nothing changes when the largest logit is taken from all of them; then all are at most 0 and exp cannot overflow.
        var largest = double.NegativeInfinity;
        foreach (var z in logits) largest = Math.Max(largest, z);
        var (mass, first) = (0.0, 0.0);
        for (var k = 0; k < logits.Length; k++)
        {
            logits[k] -= largest;
            var e = PinnedMath.Exp(inverseTemperature * logits[k]);
            mass += e;
            first += e * logits[k];
        }
        var mean = first / mass;
        var second = 0.0;
        foreach (var z in logits)
        {
            var away = z - mean;
            second += PinnedMath.Exp(inverseTemperature * z) * away * away;
        }

        var loss = PinnedMath.Log(mass) - inverseTemperature * logits[observed];
        var (slope, curvature) = (mean - logits[observed], second / mass);
        if (!(loss <= Max && Math.Abs(slope) <= Max && curvature <= Max)) return false;

        Weight += FixedPoint.RoundWide(weight, scale);
        Loss += FixedPoint.RoundWide(weight * loss, scale);
        Slope += FixedPoint.RoundWide(weight * slope, scale);
        Curvature += FixedPoint.RoundWide(weight * curvature, scale);
        return true;
    }

    /// <summary>All sums, in the order in which they stand here.</summary>
    internal WideInteger[] ToArray() => [Weight, Loss, Slope, Curvature];

    /// <param name="sums">As <see cref="ToArray"/> gave them.</param>
    internal void Set(ReadOnlySpan<WideInteger> sums) => (Weight, Loss, Slope, Curvature) = (sums[0], sums[1], sums[2], sums[3]);

    public void Add(CalibrationSums other)
    {
        Weight += other.Weight;
        Loss += other.Loss;
        Slope += other.Slope;
        Curvature += other.Curvature;
    }
}
