using DistTrain.Data.Storage;

namespace DistTrain.Shared.Tests.Data.Storage;

public class ShardPlanTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(1_024, 1)]
    [InlineData(1_025, 2)]
    [InlineData(200_000, 16)]
    [InlineData(1_048_576, 16)]
    [InlineData(1_048_577, 17)]
    public void Few_rows_make_shards_of_a_thousand_many_make_shards_of_65536(int rowCount, int expected) =>
        Assert.Equal(expected, ShardPlan.DefaultCount(rowCount, Layout(dense: 8), classCount: 3));

    [Theory, InlineData(3, 65_536), InlineData(10, 65_536), InlineData(17, 65_536), InlineData(18, 43_690), InlineData(200, 5_242), InlineData(100_000, 256)]
    public void Sparse_shards_have_bounded_scratch(int classCount, int rowsMax) =>
        Assert.Equal(
            (50_000_000 + rowsMax - 1) / rowsMax, ShardPlan.DefaultCount(50_000_000, Layout(dense: 0, sparse: (1 << 17) + 1), classCount));

    [Theory, InlineData(3, 32_768), InlineData(17, 32_768), InlineData(200, 5_242)]
    public void Sparse_shards_of_few_features_have_half_the_rows(int classCount, int rowsMax) =>
        Assert.Equal(
            (50_000_000 + rowsMax - 1) / rowsMax, ShardPlan.DefaultCount(50_000_000, Layout(dense: 0, sparse: 1 << 17), classCount));

    [Fact]
    public void Wide_dense_shards_have_bounded_bytes() =>
        Assert.Equal(100, ShardPlan.DefaultCount(409_600, Layout(dense: 1 << 14), classCount: 2));

    [Fact]
    public void What_is_asked_is_given()
    {
        Assert.Equal(7, ShardPlan.AskedCount(7, 7, Layout(dense: 1)));
        Assert.Equal(1, ShardPlan.AskedCount(1, 1_000_000, Layout(dense: 1)));
        Assert.Equal(2, ShardPlan.AskedCount(2, 131_072, Layout(dense: 1, sparse: 1)));
    }

    [Fact]
    public void More_shards_than_rows_are_refused() => Assert.Equal(
        "DT3502: --shards is 8, but there are 7 training rows\nexpected: at most 7, so that no shard is empty",
        Refusal.TextOf(() => ShardPlan.AskedCount(8, 7, Layout(dense: 1))));

    [Fact]
    public void Sparse_shards_of_more_than_65536_rows_are_refused_with_the_number_that_works()
    {
        Assert.Equal(
            "DT3503: --shards is 2: a shard would have 65537 rows, more than 65536\n"
            + "expected: at least 3 for 131073 training rows with sparse features",
            Refusal.TextOf(() => ShardPlan.AskedCount(2, 131_073, Layout(dense: 1, sparse: 1))));
        Assert.Equal(3, ShardPlan.AskedCount(3, 131_073, Layout(dense: 1, sparse: 1)));
    }

    [Fact]
    public void Dense_shards_that_no_array_holds_are_refused() => Assert.Equal(
        "DT3503: --shards is 1: a shard would have 3000000 rows, more than 2097151\n"
        + "expected: at least 2 for 3000000 training rows of 1024 dense features",
        Refusal.TextOf(() => ShardPlan.AskedCount(1, 3_000_000, Layout(dense: 1024))));

    static FeatureLayout Layout(int dense, int sparse = 0) =>
        new(dense, [], sparse, [.. Enumerable.Range(0, dense + sparse)], [.. new float[dense + sparse]]);
}
