using DistTrain.Coordinator.Reports;
using DistTrain.Data.Storage;

namespace DistTrain.Cli.Tests.Reports;

public sealed class FeatureSpreadTests
{
    [Fact]
    public void Standard_deviations_come_in_the_order_of_the_schema()
    {
        // Weights 1, 1, 2. Held feature 0 is 2, 4, 6 and held feature 1 is 0, 0, 1; in the schema they are the other way round.
        var manifest = new DatasetManifest
        {
            Fingerprint = "f00d",
            Layout = new FeatureLayout(1, [], 1, [1, 0], [0, 0]),
            ClassCount = 2,
            InactiveClasses = [],
            TrainingRows = [3],
            ValidationRows = [],
            WeightSum = 4,
            ValidationWeightSum = 0,
            ClassWeights = [2, 2],
            AbsoluteSums = [18, 2],
            Sums = [18, 2],
            SquareSums = [92, 2],
            ClassFeatureSums = [6, 0, 12, 2],
            ClassSquareSums = [20, 0, 72, 2],
        };

        var deviations = FeatureSpread.StandardDeviations(manifest);

        Assert.Equal(0.5, deviations[0], 1e-12);
        Assert.Equal(Math.Sqrt(2.75), deviations[1], 1e-12);
    }
}
