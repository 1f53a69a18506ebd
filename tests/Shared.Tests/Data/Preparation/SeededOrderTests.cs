using DistTrain.Data.Preparation;
using DistTrain.Numerics;

namespace DistTrain.Shared.Tests.Data.Preparation;

public class SeededOrderTests
{
    [Theory]
    [InlineData(0), InlineData(1), InlineData(2), InlineData(15), InlineData(16), InlineData(31), InlineData(32), InlineData(33)]
    [InlineData(1_000), InlineData(100_003)]
    public void Rows_stand_as_sorting_all_of_them_by_their_numbers_puts_them(int count)
    {
        int[] rows = [.. Enumerable.Range(0, count).Select(i => 3 * i + i % 2)];

        var ordered = SeededOrder.Of(rows, seed: 5, stream: 9);

        var keys = Array.ConvertAll(rows, row => CounterRandom.At(5, 9, (ulong)row));
        Array.Sort(keys, rows);
        Assert.Equal(rows, ordered);
    }
}
