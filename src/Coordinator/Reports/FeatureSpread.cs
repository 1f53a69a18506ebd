using DistTrain.Data.Storage;

namespace DistTrain.Coordinator.Reports;

/// <summary>How far the values of a feature lie apart.</summary>
static class FeatureSpread
{
    /// <summary>√(Σ w x² / S − (Σ w x / S)²) of each feature, in the schema's order; centring changes nothing.</summary>
    public static double[] StandardDeviations(DatasetManifest manifest)
    {
        var deviations = new double[manifest.FeatureCount];
        for (var held = 0; held < deviations.Length; held++)
        {
            var mean = manifest.Sums[held] / manifest.WeightSum;
            var variance = manifest.SquareSums[held] / manifest.WeightSum - mean * mean;
            deviations[manifest.Layout.SchemaFeatures[held]] = Math.Sqrt(Math.Max(0, variance));
        }
        return deviations;
    }
}
