using DistTrain.Data.Storage;

namespace DistTrain.Learning.Kernels;

/// <summary>
/// Parameters prepared for the kernels, once per version and process; immutable, shared by all compute threads. The tables are made
/// when first asked for: one of floats for gradients, one of doubles for the closing pass and for predictions.
/// </summary>
public sealed class EvaluationPoint
{
    readonly Lazy<FloatTables> _floats;
    readonly Lazy<DoubleTable> _doubles;

    public EvaluationPoint(Parameters parameters, FeatureLayout layout)
    {
        if (parameters.Shape.FeatureCount != layout.FeatureCount)
        {
            throw new ArgumentException(
                $"Parameters are for {parameters.Shape.FeatureCount} features, the layout holds {layout.FeatureCount}.",
                nameof(parameters));
        }

        (Parameters, Layout) = (parameters, layout);
        _floats = new Lazy<FloatTables>(() => new FloatTables(parameters, layout));
        _doubles = new Lazy<DoubleTable>(() => new DoubleTable(parameters, layout));
    }

    public Parameters Parameters { get; }

    public FeatureLayout Layout { get; }

    public ModelShape Shape => Parameters.Shape;

    internal FloatTables Floats => _floats.Value;

    internal DoubleTable Doubles => _doubles.Value;
}
