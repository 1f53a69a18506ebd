using DistTrain.Data.Schema;
using DistTrain.Data.Storage;
using DistTrain.Learning;

namespace DistTrain.Formats;

/// <summary>Between parameters as held (active classes, held feature order, centred) and as a model stores them.</summary>
public static class ModelNumbers
{
    /// <summary>What a model stores for <paramref name="held"/>: all classes, [K, D] in the schema's order, not centred; and [K].</summary>
    public static (double[] Weights, double[] Intercepts) ToModel(Parameters held, FeatureLayout layout, ClassList classes)
    {
        var model = Centering.ToModel(held, layout.Centers.AsSpan());
        var featureCount = layout.FeatureCount;
        var weights = new double[checked(classes.Count * featureCount)];
        var intercepts = new double[classes.Count];
        Array.Fill(intercepts, double.NegativeInfinity);
        for (var k = 0; k < classes.Active.Length; k++)
        {
            var row = weights.AsSpan(classes.Active[k] * featureCount, featureCount);
            var source = model.WeightsOf(k);
            for (var d = 0; d < featureCount; d++) row[layout.SchemaFeatures[d]] = source[d];
            intercepts[classes.Active[k]] = model.Intercepts[k];
        }
        return (weights, intercepts);
    }

    /// <summary>The way back, for rows held in <paramref name="layout"/>.</summary>
    public static Parameters ToHeld(SavedModel model, FeatureLayout layout)
    {
        var (active, featureCount) = (model.Classes.Active, layout.FeatureCount);
        var parameters = new Parameters(new ModelShape(active.Length, featureCount, model.Classes.Inactive.Length));
        for (var k = 0; k < active.Length; k++)
        {
            var row = model.Weights.AsSpan(active[k] * featureCount, featureCount);
            var destination = parameters.WeightsOf(k);
            for (var d = 0; d < featureCount; d++) destination[d] = row[layout.SchemaFeatures[d]];
            parameters.Intercepts[k] = model.Intercepts[active[k]];
        }
        return Centering.FromModel(parameters, layout.Centers.AsSpan());
    }
}
