using DistTrain.Learning;

namespace DistTrain.Shared.Tests.Testing;

static class GradientReading
{
    /// <summary>The gradient of sums, [K, D] then [K], each divided by its scale.</summary>
    public static double[] GradientSums(this EvaluationSums sums, Scales scales)
    {
        var result = new double[sums.Shape.ParameterCount];
        sums.ReadGradient(scales, 1, ..(sums.Shape.FeatureCount + 1), result);
        return result;
    }
}
