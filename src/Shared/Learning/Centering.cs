using System.Runtime.CompilerServices;
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
    /// <summary>The parameters of the uncentred features; a new object with its own array.</summary>
    /// <param name="held">In held feature order.</param>
    /// <param name="centers">μ in held order, one per feature; 0 where a feature is not centred.</param>
    public static Parameters ToModel(Parameters held, ReadOnlySpan<float> centers) => Shift(held, centers, -1);

    /// <summary>The way back: b = b′ + Wμ; a new object with its own array.</summary>
    /// <param name="model">In held feature order.</param>
    public static Parameters FromModel(Parameters model, ReadOnlySpan<float> centers) => Shift(model, centers, +1);

    /// <summary>
    /// The nearest parameters that stay as they are by way to the model file and back, and whose model does on the way here and back.
    /// </summary>
    /// <remarks>
    /// ((u ⊕ v) ⊖ v) ⊕ v) ⊖ v = (u ⊕ v) ⊖ v in correctly rounded arithmetic (Knuth, TAOCP 2, 4.2.2, theorem D): twice suffices.
    /// </remarks>
    public static Parameters Settle(Parameters held, ReadOnlySpan<float> centers) =>
        FromModel(ToModel(FromModel(ToModel(held, centers), centers), centers), centers);

    /// <summary>
    /// Subtracts from each feature's weights, and from the intercepts, their mean over the classes. Probabilities do not change and a
    /// quadratic penalty can only fall: of all equal models this is the smallest. Features with λ₁ stay as they are: zeros would be lost,
    /// and a sum of absolute values can rise. A new object.
    /// </summary>
    [MethodImpl(Compilation.Full)]
    public static Parameters AcrossClasses(Parameters parameters, Penalty penalty)
    {
        var (classCount, featureCount) = (parameters.Shape.ClassCount, parameters.Shape.FeatureCount);
        var result = new Parameters(parameters.Shape, [.. parameters.Values]);
        for (var d = 0; d < featureCount; d++)
        {
            if (penalty.L1[d] == 0) AcrossClasses(result.Values, d, featureCount, classCount);
        }
        AcrossClasses(result.Values, classCount * featureCount, 1, classCount);
        return result;
    }

    /// <summary>Subtracts their mean from the <paramref name="count"/> entries first, first + stride, …</summary>
    internal static void AcrossClasses(Span<double> values, int first, int stride, int count)
    {
        var sum = 0.0;
        for (var k = 0; k < count; k++) sum += values[first + k * stride];
        for (var k = 0; k < count; k++) values[first + k * stride] -= sum / count;
    }

    [MethodImpl(Compilation.Full)]
    static Parameters Shift(Parameters parameters, ReadOnlySpan<float> centers, int sign)
    {
        var result = new Parameters(parameters.Shape, [.. parameters.Values]);
        for (var k = 0; k < parameters.Shape.ClassCount; k++)
        {
            var weights = parameters.WeightsOf(k);
            var shift = 0.0;
            for (var d = 0; d < weights.Length; d++) shift += weights[d] * centers[d];
            result.Intercepts[k] += sign * shift;
        }
        return result;
    }
}
