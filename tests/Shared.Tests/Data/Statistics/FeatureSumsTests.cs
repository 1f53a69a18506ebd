using DistTrain.Data;
using DistTrain.Data.Storage;
using DistTrain.Shared.Tests.Testing;

namespace DistTrain.Shared.Tests.Data.Statistics;

public class FeatureSumsTests
{
    [Fact]
    public void A_worked_example()
    {
        var table = SmallTables.Of(["a", "b", "b"], SmallTables.Number("x", 1, 3, 8), SmallTables.Text("c", "u", "v", "u")).Weighted(2, 1, 1);

        var manifest = DatasetBuilder.Build(table, null, new() { ValidationFraction = 0, Shards = 3 }).Manifest;

        // The centre is (2·1 + 3 + 8) / 4 = 3.25; held: −2.25, −0.25, 4.75.
        Assert.Equal([2.0, 2], manifest.ClassWeights.AsEnumerable());
        Assert.Equal(4, manifest.WeightSum);
        Assert.Equal([9.5, 3, 1], manifest.AbsoluteSums);
        Assert.Equal([0.0, 3, 1], manifest.Sums);
        Assert.Equal([32.75, 3, 1], manifest.SquareSums);
        Assert.Equal([-4.5, 2, 0, 4.5, 1, 1], manifest.ClassFeatureSums);
    }

    [Theory, InlineData(1), InlineData(2), InlineData(9)]
    public void Statistics_are_the_naive_sums_over_the_held_rows(int shardCount)
    {
        var dataset = DatasetBuilder.Build(SmallTables.Mixed(1000, 4), null, new() { Shards = shardCount, MissingAsMean = true });
        var (manifest, layout) = (dataset.Manifest, dataset.Manifest.Layout);
        var rows = Enumerable.Range(0, shardCount).Select(s => dataset.Open(DatasetPart.Training, new ShardId(s)))
            .SelectMany(shard => PlainEncoding.Decode(shard, layout).Select((features, row) =>
                (Weight: (double)shard.WeightOf(row), Label: shard.Labels[row], Features: features)))
            .ToList();

        for (var d = 0; d < manifest.FeatureCount; d++)
        {
            var feature = layout.SchemaFeatures[d];
            AssertNear(rows.Sum(row => row.Weight * row.Features[feature]), manifest.Sums[d]);
            AssertNear(rows.Sum(row => row.Weight * Math.Abs(row.Features[feature])), manifest.AbsoluteSums[d]);
            AssertNear(rows.Sum(row => row.Weight * row.Features[feature] * row.Features[feature]), manifest.SquareSums[d]);
            for (var k = 0; k < manifest.ClassCount; k++)
            {
                AssertNear(
                    rows.Where(row => row.Label == k).Sum(row => row.Weight * row.Features[feature]),
                    manifest.ClassFeatureSums[k * manifest.FeatureCount + d]);
            }
        }
        Assert.Equal(rows.Sum(row => row.Weight), manifest.WeightSum);
        Assert.Equal(
            Enumerable.Range(0, 3).Select(k => rows.Where(row => row.Label == k).Sum(row => row.Weight)), manifest.ClassWeights.AsEnumerable());
    }

    [Theory, InlineData(1), InlineData(2), InlineData(7)]
    public void Every_shard_is_added_row_by_row_and_then_in_order_whatever_runs_the_pieces(int shardCount)
    {
        var options = new DatasetOptions { Shards = shardCount, MissingAsMean = true };
        var dataset = DatasetBuilder.Build(SmallTables.Mixed(1000, 4), null, options, parallel: BackwardFor.Instance);
        var (manifest, layout) = (dataset.Manifest, dataset.Manifest.Layout);
        var (absolutes, squares) = (new double[manifest.FeatureCount], new double[manifest.FeatureCount]);
        var (sums, squaresByClass) = (new double[manifest.ClassFeatureSums.Length], new double[manifest.ClassFeatureSums.Length]);
        foreach (var shard in Enumerable.Range(0, shardCount).Select(s => dataset.Open(DatasetPart.Training, new ShardId(s))))
        {
            var rows = PlainEncoding.Decode(shard, layout);
            for (var d = 0; d < manifest.FeatureCount; d++)
            {
                var feature = layout.SchemaFeatures[d];
                absolutes[d] += Sum((x, w) => Math.Abs(w * x), _ => true);
                squares[d] += Sum((x, w) => w * x * x, _ => true);
                for (var k = 0; k < manifest.ClassCount; k++)
                {
                    sums[k * manifest.FeatureCount + d] += Sum((x, w) => w * x, label => label == k);
                    squaresByClass[k * manifest.FeatureCount + d] += Sum((x, w) => w * x * x, label => label == k);
                }

                double Sum(Func<double, double, double> term, Predicate<int> counts)
                {
                    var sum = 0.0;
                    for (var row = 0; row < rows.Length; row++)
                    {
                        if (counts(shard.Labels[row])) sum += term(rows[row][feature], shard.WeightOf(row));
                    }
                    return sum;
                }
            }
        }

        Assert.Equal(absolutes, manifest.AbsoluteSums);
        Assert.Equal(squares, manifest.SquareSums);
        Assert.Equal(sums, manifest.ClassFeatureSums);
        Assert.Equal(squaresByClass, manifest.ClassSquareSums);
        Assert.Equal(DatasetBuilder.Build(SmallTables.Mixed(1000, 4), null, options).Manifest.Fingerprint, manifest.Fingerprint);
    }

    static void AssertNear(double expected, double actual) => Assert.InRange(actual, expected - 1e-9, expected + 1e-9);
}
