using DistTrain.Learning.Metrics;

namespace DistTrain.Shared.Tests.Learning.Metrics;

public sealed class RankingSumsTests
{
    const double Scale = 1L << 40;

    [Theory, InlineData(2, 2), InlineData(8, 8), InlineData(9, 8), InlineData(1000, 8)]
    public void A_group_has_at_most_eight_classes(int classCount, int expected) =>
        Assert.Equal(expected, new RankingSums(classCount).GroupCount);

    [Fact]
    public void A_row_counts_with_its_own_class_and_with_the_others_of_each_other_class()
    {
        var sums = new RankingSums(3);
        sums.Add([0.25, 0.75, 0], firstClass: 0, observed: 1, weight: 1.5, Scale);
        sums.Add([0.25, 0.5, 0.25], firstClass: 0, observed: -1, weight: 2, Scale);

        Assert.Equal((0, 3.5), (At(sums.Own(0), 0.25), At(sums.Others(0), 0.25)));
        Assert.Equal((1.5, 0), (At(sums.Own(1), 0.75), At(sums.Others(1), 0.75)));
        Assert.Equal((0, 2), (At(sums.Own(1), 0.5), At(sums.Others(1), 0.5)));
        Assert.Equal((0, 1.5), (At(sums.Own(2), 0), At(sums.Others(2), 0)));
    }

    [Fact]
    public void The_last_group_may_be_smaller()
    {
        var sums = new RankingSums(9);
        sums.Add([0, 0, 0, 0, 0, 0, 0, 0.25, 0.75], firstClass: 8, observed: 8, weight: 1, Scale);

        Assert.Equal(1, At(sums.Own(0), 0.75));
        for (var i = 1; i < 8; i++) Assert.Equal((0L, 0L), (Sum(sums.Own(i)), Sum(sums.Others(i))));
    }

    [Fact]
    public void Any_grouping_gives_the_same_bits()
    {
        var rows = RandomScores.Rows(seed: 61, rowCount: 200, classCount: 3);
        var (whole, odd, even) = (new RankingSums(3), new RankingSums(3), new RankingSums(3));
        foreach (var (i, row) in rows.Index())
        {
            whole.Add(row.Probabilities, 0, row.Observed, row.Weight, Scale);
            (i % 2 == 0 ? even : odd).Add(row.Probabilities, 0, row.Observed, row.Weight, Scale);
        }
        odd.Add(even);
        for (var k = 0; k < 3; k++)
        {
            Assert.True(whole.Own(k).SequenceEqual(odd.Own(k)));
            Assert.True(whole.Others(k).SequenceEqual(odd.Others(k)));
            Assert.Equal(rows.Where(row => row.Observed == k).Sum(row => row.Weight), Sum(whole.Own(k)) / Scale);
        }
    }

    static double At(ReadOnlySpan<long> weights, double probability) => weights[ScoreBins.Of(probability)] / Scale;

    static long Sum(ReadOnlySpan<long> weights)
    {
        var sum = 0L;
        foreach (var weight in weights) sum += weight;
        return sum;
    }
}
