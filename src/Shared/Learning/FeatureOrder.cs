namespace DistTrain.Learning;

/// <summary>Between parameters class by class, [K, D] then [K], and feature by feature, [D + 1][K] with the intercepts last.</summary>
public static class FeatureOrder
{
    /// <summary>Feature by feature; a new array.</summary>
    public static double[] Of(Parameters parameters)
    {
        var (shape, values) = (parameters.Shape, parameters.Values);
        var result = new double[shape.ParameterCount];
        for (var k = 0; k < shape.ClassCount; k++)
        {
            for (var d = 0; d < shape.FeatureCount; d++) result[d * shape.ClassCount + k] = values[k * shape.FeatureCount + d];
            result[shape.FeatureCount * shape.ClassCount + k] = parameters.Intercepts[k];
        }
        return result;
    }

    /// <summary>Class by class; a new object.</summary>
    /// <param name="values">[D + 1][K].</param>
    public static Parameters ToParameters(ModelShape shape, ReadOnlySpan<double> values)
    {
        var result = new Parameters(shape);
        for (var k = 0; k < shape.ClassCount; k++)
        {
            var weights = result.WeightsOf(k);
            for (var d = 0; d < weights.Length; d++) weights[d] = values[d * shape.ClassCount + k];
            result.Intercepts[k] = values[shape.FeatureCount * shape.ClassCount + k];
        }
        return result;
    }
}
