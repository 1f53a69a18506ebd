using DistTrain.Data.Storage;
using DistTrain.Learning;
using DistTrain.Shared.Tests.Testing;

namespace DistTrain.Shared.Tests.Learning.Kernels;

/// <summary>A million sparse features, of which twenty occur: the same sums as the twenty alone, and zero elsewhere.</summary>
public sealed class MillionFeatureTests
{
    const int FeatureCount = 1_000_000;
    const ulong Seed = 72;

    // First and last feature, both sides of the borders between panels, and some in between.
    static readonly int[] Places =
    [
        0, 1, 16_383, 16_384, 32_767, 32_768, 50_000, 65_535, 65_536, 100_000,
        131_071, 131_072, 250_000, 262_144, 500_000, 524_288, 777_777, 900_001, 999_998, 999_999,
    ];

    [Theory, InlineData(EvaluationKind.Gradient, 3e-7), InlineData(EvaluationKind.Closing, 1e-13)]
    public void Features_that_never_occur_change_nothing(EvaluationKind kind, double tolerance)
    {
        var few = RandomExamples.Rows(RandomExamples.Layout(sparse: Places.Length), classCount: 3, rowCount: 3000, Seed);
        var parameters = RandomExamples.Parameters(few.Shape, Seed);
        var expected = KernelRuns.Evaluate(kind, few, parameters);

        var (spread, scales) = (Spread(few, parameters), new Scales(SpreadOut(few.AbsoluteSums), few.WeightSum));
        var actual = KernelRuns.Evaluate(
            new EvaluationRequest(kind), spread, RandomExamples.Layout(sparse: FeatureCount), scales, ShardOf(few));

        Assert.Equal((double)expected.Loss, (double)actual.Loss, tolerance * (double)expected.Loss);
        AssertGradients(few, expected, actual, tolerance);
        Assert.Equal(
            0, Enumerable.Range(0, FeatureCount).Except(Places).Sum(feature => EntriesOf(actual, feature).Count(entry => entry != 0)));
    }

    static void AssertGradients(ExampleRows few, EvaluationSums expected, EvaluationSums actual, double tolerance)
    {
        for (var i = 0; i < Places.Length; i++)
        {
            // The scale is 2⁶⁰ / A or up to twice that: a tolerance relative to A is one relative to 2⁶¹.
            foreach (var (one, other) in EntriesOf(expected, i).Zip(EntriesOf(actual, Places[i])))
                Assert.Equal((double)one, other, tolerance * Math.ScaleB(1, 61));
        }
    }

    static IEnumerable<long> EntriesOf(EvaluationSums sums, int feature) =>
        Enumerable.Range(feature * sums.Shape.FreeClassCount, sums.Shape.FreeClassCount).Select(i => sums.Gradient[i]);

    static double[] SpreadOut(double[] values)
    {
        var spread = new double[FeatureCount];
        for (var i = 0; i < Places.Length; i++) spread[Places[i]] = values[i];
        return spread;
    }

    static Parameters Spread(ExampleRows few, Parameters parameters)
    {
        var spread = new Parameters(new ModelShape(few.ClassCount, FeatureCount));
        for (var k = 0; k < few.ClassCount; k++) SpreadOut(parameters.WeightsOf(k).ToArray()).CopyTo(spread.WeightsOf(k));
        parameters.Intercepts.CopyTo(spread.Intercepts);
        return spread;
    }

    static Shard ShardOf(ExampleRows few)
    {
        var (starts, features, values) = (new List<int> { 0 }, new List<int>(), new List<float>());
        foreach (var row in few.Features)
        {
            var present = Enumerable.Range(0, Places.Length).Where(i => row[i] != 0).ToArray();
            features.AddRange(present.Select(i => Places[i]));
            values.AddRange(present.Select(i => row[i]));
            starts.Add(features.Count);
        }
        return new Shard
        {
            Id = new ShardId(0),
            RowCount = few.Count,
            Dense = new DenseRows(few.Count, 0),
            Codes = [],
            Sparse = SparseColumnsBuilder.Build(few.Count, starts.ToArray(), features.ToArray(), values.ToArray(), FeatureCount),
            Labels = few.Labels,
            Weights = few.Weights,
            SourceRows = [.. Enumerable.Range(0, few.Count)],
        };
    }
}
