using DistTrain.Numerics;

namespace DistTrain.Shared.Tests.Numerics;

public sealed class FeatureSortTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 5)]
    [InlineData(511, 40)]
    [InlineData(512, 40)] // from here on by digits
    [InlineData(513, 1)]
    [InlineData(5000, 2048)]
    [InlineData(5000, 2049)]
    [InlineData(5000, 1 << 22)]
    [InlineData(5000, (1 << 22) + 1)]
    [InlineData(5000, int.MaxValue)]
    public void Keys_come_in_ascending_order_and_equal_ones_in_that_of_their_places(int count, int bound)
    {
        var random = new CounterRandom(3, (ulong)count);
        var keys = new int[count];
        foreach (ref var key in keys.AsSpan()) key = random.NextInt32(bound);
        if (count > 2) keys[count / 2] = bound - 1;
        var order = new int[count];

        FeatureSort.Order(keys, order);

        Assert.Equal(Enumerable.Range(0, count).OrderBy(i => keys[i]), order);
    }
}
