using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using DistTrain.Numerics;

namespace DistTrain.Learning;

/// <summary>What the objective adds to the mean loss: λ₂ and λ₁ of each held feature. Intercepts are never penalised.</summary>
/// <remarks>
///   R(W) = Σ_d ( λ₂,d/2 Σₖ W_kd² + λ₁,d Σₖ |W_kd| ),   λ₂,d = λ₂·f_d·σ_d²,   λ₁,d = λ₁·f_d·σ_d
/// f_d are the factors of the user. σ_d is 1, or where standardised the weighted population standard deviation of the column: the
/// penalty of the coefficients W_kd·σ_d that scaled columns would have, written down for the columns as they are. No data is scaled, zeros
/// stay zeros, and the weights are those of the original units.
///
/// The weights of a constant column are 0 whatever its penalty: the intercepts do what they could, for nothing.
/// </remarks>
public sealed class Penalty
{
    /// <summary>
    /// A column whose variance is at most this part of its mean square is constant: what is left is rounding of its sums.
    /// </summary>
    const double ConstantVariance = 1e-12;

    readonly bool[] _isConstant;
    readonly bool _hasConstants;

    /// <summary>As it was elsewhere. The arrays are of one length, [D], and not copied.</summary>
    internal Penalty(double[] l2, double[] l1, bool[] isConstant)
    {
        (L2, L1, _isConstant) = (l2, l1, isConstant);
        HasL1 = Array.Exists(l1, lambda => lambda > 0);
        _hasConstants = Array.Exists(isConstant, constant => constant);
    }

    /// <summary>λ₂,d of each held feature.</summary>
    public double[] L2 { get; }

    /// <summary>λ₁,d of each held feature.</summary>
    public double[] L1 { get; }

    /// <summary>Whether some λ₁,d is above 0, so that the objective has edges.</summary>
    public bool HasL1 { get; }

    /// <summary>Least λ₂ of a feature that is not constant; 0 where all are.</summary>
    public double L2Min => L2.Where((_, d) => !_isConstant[d]).DefaultIfEmpty().Min();

    /// <summary>Whether no feature has a penalty.</summary>
    public bool IsNone => !Enumerable.Range(0, L2.Length).Any(IsOn);

    /// <summary>Whether every feature that is not constant has a penalty: without one there is no dual bound.</summary>
    public bool IsOnAllFeatures => Enumerable.Range(0, L2.Length).All(d => IsOn(d) || IsConstant(d));

    /// <summary>Whether held feature <paramref name="d"/> has a penalty.</summary>
    public bool IsOn(int d) => L2[d] > 0 || L1[d] > 0;

    /// <summary>Whether the weights of held feature <paramref name="d"/> are 0 for good.</summary>
    public bool IsConstant(int d) => _isConstant[d];

    /// <param name="l2">λ₂, at least 0.</param>
    /// <param name="l1">λ₁, at least 0.</param>
    /// <param name="standardize">Whether the penalty is that of scaled columns.</param>
    /// <param name="factors">f of each feature in the schema's order, at least 0; empty: all 1.</param>
    public static Penalty Of(
        TrainingStatistics statistics, double l2, double l1 = 0, bool standardize = false, ReadOnlySpan<double> factors = default)
    {
        var featureCount = statistics.FeatureCount;
        var (squares, absolutes, isConstant) = (new double[featureCount], new double[featureCount], new bool[featureCount]);
        for (var d = 0; d < featureCount; d++)
        {
            var (variance, meanSquare) = Moments(statistics, d);
            isConstant[d] = variance <= ConstantVariance * meanSquare;
            var factor = factors.IsEmpty ? 1 : factors[statistics.Manifest.Layout.SchemaFeatures[d]];
            squares[d] = l2 * factor * (standardize ? variance : 1);
            absolutes[d] = l1 * factor * (standardize ? Math.Sqrt(variance) : 1);
        }
        return new Penalty(squares, absolutes, isConstant);
    }

    /// <summary>
    /// Adds some features' gradient of R's smooth part, takes away that along constant columns, and gives these features' part of R.
    /// </summary>
    /// <param name="gradient">[K, D].</param>
    /// <param name="weights">[K, D].</param>
    [MethodImpl(Compilation.Full)]
    public double AddTo(Span<double> gradient, ReadOnlySpan<double> weights, Range features)
    {
        var (start, count) = features.GetOffsetAndLength(L2.Length);
        for (var first = start; first < weights.Length; first += L2.Length)
        {
            var own = gradient.Slice(first, count);
            AddProducts(L2.AsSpan(start, count), weights.Slice(first, count), own);
            for (var i = 0; i < count && _hasConstants; i++)
            {
                if (_isConstant[start + i]) own[i] = 0;
            }
        }
        return Of(weights, features);
    }

    /// <summary>Some features' part of R.</summary>
    /// <param name="weights">[K, D].</param>
    [MethodImpl(Compilation.Full)]
    public double Of(ReadOnlySpan<double> weights, Range features)
    {
        var (start, count) = features.GetOffsetAndLength(L2.Length);
        var squares = L2.AsSpan(start, count);
        var absolutes = HasL1 ? L1.AsSpan(start, count) : [];
        var penalty = 0.0;
        for (var first = start; first < weights.Length; first += L2.Length)
        {
            var own = weights.Slice(first, count);
            penalty += Squares(squares, own) / 2;
            for (var i = 0; i < absolutes.Length; i++) penalty += absolutes[i] * Math.Abs(own[i]);
        }
        return penalty;
    }

    /// <summary>Σ λ₂w².</summary>
    [MethodImpl(Compilation.Full)]
    static double Squares(ReadOnlySpan<double> l2, ReadOnlySpan<double> weights)
    {
        Vector256<double> sums = default;
        var i = 0;
        for (; i <= weights.Length - Vector256<double>.Count; i += Vector256<double>.Count)
        {
            var weight = Vector256.Create(weights[i..]);
            sums = Vector256.FusedMultiplyAdd(Vector256.Create(l2[i..]) * weight, weight, sums);
        }
        var sum = sums[0] + sums[1] + (sums[2] + sums[3]);
        for (; i < weights.Length; i++) sum += l2[i] * weights[i] * weights[i];
        return sum;
    }

    /// <summary>gradient += λ₂·w.</summary>
    [MethodImpl(Compilation.Full)]
    static void AddProducts(ReadOnlySpan<double> l2, ReadOnlySpan<double> weights, Span<double> gradient)
    {
        var i = 0;
        for (; i <= weights.Length - Vector256<double>.Count; i += Vector256<double>.Count)
            (Vector256.Create(gradient[i..]) + Vector256.Create(l2[i..]) * Vector256.Create(weights[i..])).CopyTo(gradient[i..]);
        for (; i < weights.Length; i++) gradient[i] += l2[i] * weights[i];
    }

    /// <summary>λ₁ of each parameter, in the layout of <see cref="Parameters.Values"/>; 0 for intercepts.</summary>
    public double[] L1OfParameters(ModelShape shape)
    {
        var result = new double[shape.ParameterCount];
        for (var k = 0; k < shape.ClassCount; k++) L1.CopyTo(result, k * shape.FeatureCount);
        return result;
    }

    /// <summary>The variance and the mean square of a column as held, over the training rows by training weight.</summary>
    static (double Variance, double MeanSquare) Moments(TrainingStatistics statistics, int d)
    {
        var mean = statistics.Sums[d] / statistics.WeightSum;
        var meanSquare = statistics.SquareSums[d] / statistics.WeightSum;
        return (Math.Max(0, meanSquare - mean * mean), meanSquare);
    }
}
