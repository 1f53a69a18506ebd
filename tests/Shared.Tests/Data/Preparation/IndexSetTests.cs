using CsCheck;
using DistTrain.Data.Preparation;

namespace DistTrain.Shared.Tests.Data.Preparation;

public class IndexSetTests
{
    [Fact]
    public void Ranks_count_the_smaller_members()
    {
        var set = new IndexSet([0, 63, 64, 65_536, int.MaxValue]);

        Assert.Equal(5, set.Count);
        Assert.Equal([0, 1, 2, 3, 4], new[] { 0, 63, 64, 65_536, int.MaxValue }.Select(set.RankOf));
        Assert.Equal([-1, -1, -1], new[] { 1, 65_537, 1 << 20 }.Select(set.RankOf));
    }

    [Fact]
    public void Equals_a_sorted_set() =>
        Gen.Int[0, 300_000].Array.Sample(
            numbers =>
            {
                var set = new IndexSet(numbers);
                var sorted = numbers.Distinct().Order().ToArray();
                return set.ToArray().SequenceEqual(sorted)
                    && sorted.Select(set.RankOf).SequenceEqual(Enumerable.Range(0, sorted.Length));
            },
            iter: 200, seed: "0000KeOPrtO4");
}
