using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using DistTrain.Numerics;

namespace DistTrain.Learning;

/// <summary>Between intercepts of centred features, as trained, and of features as the user has them, as stored in a model file.</summary>
/// <remarks>
///   z = W(x − μ) + b = Wx + b′,   b′ = b − Wμ
/// Weights are the same on both sides. Everyone converts here, feature by feature in held order, so that a model read from its file is
/// bit for bit the model that the closing pass measured.
/// </remarks>
public static class Centering
{
    static readonly int Lanes = Vector256<double>.Count;

    /// <summary>The parameters of the uncentred features; a new object with its own array.</summary>
    /// <param name="held">In held feature order.</param>
    /// <param name="centers">μ in held order, one per feature; 0 where a feature is not centred.</param>
    public static Parameters ToModel(Parameters held, ReadOnlySpan<float> centers) => Shift(held, centers, -1);

    /// <summary>The way back: b = b′ + Wμ; a new object with its own array.</summary>
    /// <param name="model">In held feature order.</param>
    public static Parameters FromModel(Parameters model, ReadOnlySpan<float> centers) => Shift(model, centers, +1);

    /// <summary>
    /// Replaces the intercepts by the nearest ones that stay as they are by way to the model file and back, and whose model does on the way here
    /// and back. In place: for parameters that nobody else has yet.
    /// </summary>
    /// <remarks>
    /// ((u ⊕ v) ⊖ v) ⊕ v) ⊖ v = (u ⊕ v) ⊖ v in correctly rounded arithmetic (Knuth, TAOCP 2, 4.2.2, theorem D): twice suffices.
    /// </remarks>
    public static void Settle(Parameters held, ReadOnlySpan<float> centers)
    {
        for (var k = 0; k < held.Shape.ClassCount; k++)
        {
            var shift = ShiftOf(held.WeightsOf(k), centers);
            ref var intercept = ref held.Intercepts[k];
            for (var time = 0; time < 2; time++) intercept = intercept - shift + shift;
        }
    }

    /// <summary>
    /// Subtracts from each feature's weights, and from the intercepts, their mean over the classes. Probabilities do not change and a
    /// quadratic penalty can only fall: of all equal models this is the smallest. Features with λ₁ stay as they are: zeros would be lost,
    /// and a sum of absolute values can rise. In place: for parameters that nobody else has yet.
    /// </summary>
    [MethodImpl(Compilation.Full)]
    public static void AcrossClasses(Parameters parameters, Penalty penalty)
    {
        var (classCount, featureCount) = (parameters.Shape.ClassCount, parameters.Shape.FeatureCount);
        var values = parameters.Values.AsSpan();
        for (var d = 0; d < featureCount;)
        {
            if (d <= featureCount - Lanes && !penalty.L1.AsSpan(d, Lanes).ContainsAnyExcept(0))
            {
                FourAcrossClasses(values[d..], featureCount, classCount);
                d += Lanes;
                continue;
            }
            if (penalty.L1[d] == 0) AcrossClasses(values, d, featureCount, classCount);
            d++;
        }
        AcrossClasses(values, classCount * featureCount, 1, classCount);
    }

    /// <summary>Four features side by side, each as alone.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void FourAcrossClasses(Span<double> values, int stride, int count)
    {
        var sums = Vector256<double>.Zero;
        for (var k = 0; k < count; k++) sums += Vector256.Create(values[(k * stride)..]);
        var means = sums / Vector256.Create((double)count);
        for (var k = 0; k < count; k++) (Vector256.Create(values[(k * stride)..]) - means).CopyTo(values[(k * stride)..]);
    }

    /// <summary>Subtracts their mean from the <paramref name="count"/> entries first, first + stride, …</summary>
    internal static void AcrossClasses(Span<double> values, int first, int stride, int count)
    {
        var sum = 0.0;
        for (var k = 0; k < count; k++) sum += values[first + k * stride];
        for (var k = 0; k < count; k++) values[first + k * stride] -= sum / count;
    }

    static Parameters Shift(Parameters parameters, ReadOnlySpan<float> centers, int sign)
    {
        var result = new Parameters(parameters.Shape, [.. parameters.Values]);
        for (var k = 0; k < parameters.Shape.ClassCount; k++) result.Intercepts[k] += sign * ShiftOf(parameters.WeightsOf(k), centers);
        return result;
    }

    /// <summary>Σ w·μ of a class.</summary>
    [MethodImpl(Compilation.Full)]
    static double ShiftOf(ReadOnlySpan<double> weights, ReadOnlySpan<float> centers)
    {
        var shift = 0.0;
        for (var d = 0; d < weights.Length; d++) shift += weights[d] * centers[d];
        return shift;
    }
}
