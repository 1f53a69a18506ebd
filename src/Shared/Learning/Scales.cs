using DistTrain.Data.Storage;
using DistTrain.Numerics;

namespace DistTrain.Learning;

/// <summary>The fixed-point scales of a run: powers of two chosen once from the manifest, so that no sum can overflow.</summary>
/// <remarks>
/// Feature d: the largest power of two s with 2·c·A_d·s ≤ 2⁶², A_d = Σ wᵢ|xᵢd|; every partial sum of gradients is at most A_d in
/// absolute value, since |p − q| ≤ 1. The factor 2 leaves room for rounding. s = 1 where A_d = 0. The intercept's column is all ones.
/// Scalars (loss, entropy, weights) are 128-bit sums at the intercept's scale for c = 1: 64 bits of headroom above it hold class weights
/// too.
/// </remarks>
public sealed class Scales
{
    const double Range = 4611686018427387904.0; // 2⁶²

    public Scales(DatasetManifest manifest, double classWeightMax = 1)
        : this(manifest.AbsoluteSums, Math.Max(manifest.WeightSum, manifest.ValidationWeightSum), classWeightMax)
    {
    }

    /// <param name="absoluteSums">A_d of each held feature.</param>
    /// <param name="weightSum">Σ wᵢ of the heavier part of the data.</param>
    public Scales(ReadOnlySpan<double> absoluteSums, double weightSum, double classWeightMax = 1)
    {
        Features = new double[absoluteSums.Length];
        for (var d = 0; d < Features.Length; d++) Features[d] = Of(absoluteSums[d], classWeightMax);
        Intercept = Of(weightSum, classWeightMax);
        Scalar = Of(weightSum, 1);
    }

    /// <summary>For each held feature, its scale.</summary>
    public double[] Features { get; }

    /// <summary>Scale of intercept gradients.</summary>
    public double Intercept { get; }

    /// <summary>Scale of sums of 128 bits.</summary>
    public double Scalar { get; }

    static double Of(double absoluteSum, double classWeightMax) =>
        absoluteSum == 0 ? 1 : FixedPoint.LargestPowerOfTwoUpTo(Range / (2 * classWeightMax * absoluteSum));
}
