namespace DistTrain.Learning;

/// <summary>Weights and intercepts in held feature order. Published parameters are never written again.</summary>
public sealed class Parameters(ModelShape shape, double[] values)
{
    /// <summary>All zero.</summary>
    public Parameters(ModelShape shape) : this(shape, new double[shape.ParameterCount])
    {
    }

    public ModelShape Shape { get; } = shape;

    /// <summary>
    /// The weights W, class by class [K, D], then the intercepts b [K]: the vector that optimisers see. Not copied; owned by the maker.
    /// </summary>
    public double[] Values { get; } = values;

    public Span<double> Weights => Values.AsSpan(0, Shape.ClassCount * Shape.FeatureCount);

    public Span<double> Intercepts => Values.AsSpan(Shape.ClassCount * Shape.FeatureCount);

    public Span<double> WeightsOf(int classIndex) =>
        Values.AsSpan(classIndex * Shape.FeatureCount, Shape.FeatureCount);
}
