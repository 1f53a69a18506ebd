using DistTrain.Numerics;

namespace DistTrain.Shared.Tests.Numerics;

public sealed class PermutationTests
{
    [Theory, InlineData(0), InlineData(1), InlineData(2), InlineData(1000)]
    public void Every_number_occurs_once(int count) =>
        Assert.Equal(Enumerable.Range(0, count), Permutation.Of(count, seed: 5, stream: 6).Order());

    [Fact]
    public void Seed_and_stream_decide_the_order()
    {
        Assert.Equal(Permutation.Of(50, 1, 2), Permutation.Of(50, 1, 2));
        Assert.NotEqual(Permutation.Of(50, 1, 2), Permutation.Of(50, 2, 2));
        Assert.NotEqual(Permutation.Of(50, 1, 2), Permutation.Of(50, 1, 3));
    }

    [Fact]
    public void All_orders_of_three_are_equally_frequent()
    {
        var orders = Enumerable.Range(0, 12_000).Select(seed => string.Concat(Permutation.Of(3, (ulong)seed, 0)));
        var counts = orders.CountBy(order => order).Select(pair => pair.Value).ToArray();
        Assert.Equal(6, counts.Length);
        Assert.All(counts, count => Assert.InRange(count, 1800, 2200));
    }
}
