using DistTrain.Learning;
using DistTrain.Shared.Tests.Testing;

namespace DistTrain.Shared.Tests.Learning;

public sealed class TrainingStatisticsTests
{
    [Fact]
    public void With_plain_targets_they_are_the_manifests()
    {
        var manifest = PlainProblem.Random(seed: 51, rowCount: 30, featureCount: 3, classCount: 3, isWeighted: true).Manifest();

        var statistics = TrainingStatistics.Of(manifest, Targets.Plain);

        Assert.Equal(manifest.WeightSum, statistics.WeightSum);
        Assert.Equal(manifest.ClassWeights.AsEnumerable(), statistics.TargetWeights);
        Assert.Same(manifest.Sums, statistics.Sums);
        Assert.Same(manifest.SquareSums, statistics.SquareSums);
        Assert.Equal(manifest.ClassFeatureSums, ByClassAndFeature(statistics));
    }

    [Theory, InlineData(2), InlineData(3), InlineData(5)]
    public void Class_weights_give_the_statistics_of_multiplied_example_weights(int classCount)
    {
        double[] factors = [.. Enumerable.Range(0, classCount).Select(k => 0.5 + k)];
        var problem = PlainProblem.Random(seed: 52, rowCount: 60, featureCount: 4, classCount, isWeighted: true);
        var multiplied = problem with { Weights = [.. problem.Weights.Zip(problem.Labels, (w, label) => w * factors[label])] };

        var weighted = TrainingStatistics.Of(problem.Manifest(), new Targets(0, [.. factors]));
        var expected = TrainingStatistics.Of(multiplied.Manifest(), Targets.Plain);

        Assert.Equal(expected.WeightSum, weighted.WeightSum, 1e-12);
        AssertNear([.. expected.TargetWeights], [.. weighted.TargetWeights]);
        AssertNear(expected.Sums, weighted.Sums);
        AssertNear(expected.SquareSums, weighted.SquareSums);
        AssertNear(ByClassAndFeature(expected), ByClassAndFeature(weighted));
    }

    [Fact]
    public void Smoothed_targets_worked_by_hand()
    {
        // Class 0 weighs 3 with Σ wx = 6, class 1 weighs 1 with Σ wx = −1, trained at double weight.
        var manifest = new PlainProblem([[2], [-1]], [0, 1], [3, 1], 2).Manifest();

        var statistics = TrainingStatistics.Of(manifest, new Targets(0.5, [1, 2]));

        Assert.Equal(5, statistics.WeightSum);
        Assert.Equal([0.5 * 3 + 0.25 * 5, 0.5 * 2 + 0.25 * 5], statistics.TargetWeights.AsEnumerable());
        Assert.Equal([4.0], statistics.Sums);
        Assert.Equal([14.0], statistics.SquareSums);
        Assert.Equal([0.5 * 6 + 0.25 * 4, 0.5 * -2 + 0.25 * 4], ByClassAndFeature(statistics));
    }

    static double[] ByClassAndFeature(TrainingStatistics statistics) =>
    [
        .. from k in Enumerable.Range(0, statistics.ClassCount)
           from d in Enumerable.Range(0, statistics.FeatureCount)
           select statistics.TargetFeatureSum(k, d),
    ];

    static void AssertNear(double[] expected, double[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++) Assert.Equal(expected[i], actual[i], 1e-11);
    }
}
