namespace DistTrain.Learning;

/// <summary>Weights and intercepts in held feature order. Published parameters are never written again.</summary>
/// <remarks>
/// They are numbers, or a source that is asked for those of the features that matter: a batch reads few of very many. A source must stay as
/// it is while an evaluation at these parameters is under way; answers that come later are refused, whatever they read.
/// </remarks>
public sealed class Parameters
{
    readonly IWeightSource? _source;
    double[]? _values;

    /// <param name="values">Not copied; owned by the maker.</param>
    public Parameters(ModelShape shape, double[] values) => (Shape, _values) = (shape, values);

    /// <summary>All zero.</summary>
    public Parameters(ModelShape shape) : this(shape, new double[shape.ParameterCount])
    {
    }

    public Parameters(ModelShape shape, IWeightSource source) => (Shape, _source) = (shape, source);

    public ModelShape Shape { get; }

    /// <summary>Whether they are a source that is to be asked, not numbers.</summary>
    public bool HasSource => _source is not null;

    /// <summary>
    /// The weights W, class by class [K, D], then the intercepts b [K]: the vector that optimisers see. From a source it is read when first
    /// asked for, and not to be written.
    /// </summary>
    public double[] Values => _values ??= ValuesOf(_source!);

    public Span<double> Weights => Values.AsSpan(0, Shape.ClassCount * Shape.FeatureCount);

    public Span<double> Intercepts => Values.AsSpan(Shape.ClassCount * Shape.FeatureCount);

    public Span<double> WeightsOf(int classIndex) =>
        Values.AsSpan(classIndex * Shape.FeatureCount, Shape.FeatureCount);

    /// <summary>The weights of some features.</summary>
    /// <param name="features">n held features, in any order; D stands for the intercepts.</param>
    /// <param name="weights">Gets [n][K].</param>
    public void Read(ReadOnlySpan<int> features, Span<double> weights)
    {
        if (_source is not null)
        {
            _source.Read(features, weights);
            return;
        }

        for (var i = 0; i < features.Length; i++)
        {
            var own = weights.Slice(i * Shape.ClassCount, Shape.ClassCount);
            if (features[i] == Shape.FeatureCount) Intercepts.CopyTo(own);
            else for (var k = 0; k < own.Length; k++) own[k] = Values[k * Shape.FeatureCount + features[i]];
        }
    }

    /// <summary>Whether both are the same numbers by being the same object, or one array.</summary>
    public bool IsSameAs(Parameters? other) =>
        ReferenceEquals(this, other) || (_values is not null && ReferenceEquals(_values, other?._values));

    double[] ValuesOf(IWeightSource source)
    {
        var weights = new double[Shape.ParameterCount];
        source.Read([.. Enumerable.Range(0, Shape.FeatureCount + 1)], weights);
        return FeatureOrder.ToParameters(Shape, weights).Values;
    }
}
