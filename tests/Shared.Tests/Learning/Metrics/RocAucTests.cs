using DistTrain.Learning.Metrics;

namespace DistTrain.Shared.Tests.Learning.Metrics;

public sealed class RocAucTests
{
    const double Scale = 1L << 40;

    [Fact]
    public void Worked_by_hand()
    {
        // Own scores 1, 2, 2; others 0, 2, 3. Of nine pairs, own above: 1>0, 2>0, 2>0; equal: two; below: four. (3 + 2/2) / 9.
        Assert.Equal(4.0 / 9, RocAuc.Of([0, 1, 2, 0], [1, 0, 1, 1]));
    }

    [Theory]
    [InlineData(new long[] { 0, 0, 5 }, new long[] { 1, 2, 0 }, 1.0)]
    [InlineData(new long[] { 5, 0, 0 }, new long[] { 0, 1, 2 }, 0.0)]
    [InlineData(new long[] { 0, 7, 0 }, new long[] { 0, 3, 0 }, 0.5)]
    public void Perfect_reversed_and_tied_scores(long[] own, long[] others, double expected) =>
        Assert.Equal(expected, RocAuc.Of(own, others));

    [Fact]
    public void The_largest_sums_are_added_without_loss() =>
        Assert.Equal(2.5 / 4, RocAuc.Of([0, 1L << 61, 1L << 61], [1L << 61, 0, 1L << 61]));

    [Fact]
    public void There_is_no_area_without_own_rows_or_without_others()
    {
        Assert.Null(RocAuc.Of([0, 0], [1, 2]));
        Assert.Null(RocAuc.Of([1, 2], [0, 0]));
    }

    [Theory, InlineData(2, false), InlineData(3, true), InlineData(11, true)]
    public void Areas_in_bins_are_within_the_bound_of_exact_ones(int classCount, bool isCoarse)
    {
        var rows = RandomScores.Rows(seed: 41, rowCount: 600, classCount, isCoarse);
        for (var first = 0; first < classCount; first += RankingSums.GroupSize)
        {
            var sums = new RankingSums(classCount);
            foreach (var row in rows) sums.Add(row.Probabilities, first, row.Observed, row.Weight, Scale);
            for (var i = 0; i < Math.Min(sums.GroupCount, classCount - first); i++)
            {
                var bound = Bound(sums.Own(i), sums.Others(i));
                Assert.True(isCoarse || bound < 1e-3, $"bound {bound}"); // Many equal scores share a bin by right.
                Assert.Equal(Exact(rows, first + i), RocAuc.Of(sums.Own(i), sums.Others(i))!.Value, bound + 1e-12);
            }
        }
    }

    [Fact]
    public void Equal_scores_get_exactly_half()
    {
        // Probabilities in sixteenths fall into bins of their own: the area is the exact one, not only near it.
        var rows = Enumerable.Range(0, 300).Select(i =>
        {
            var p = (i * 7 % 15 + 1) / 16.0;
            return new ScoredExample([p, 1 - p], i * 5 % 3 == 0 ? 0 : 1, (i % 4 + 1) / 4.0);
        }).ToArray();
        var sums = new RankingSums(2);
        foreach (var row in rows) sums.Add(row.Probabilities, 0, row.Observed, row.Weight, Scale);

        for (var k = 0; k < 2; k++) Assert.Equal(Exact(rows, k), RocAuc.Of(sums.Own(k), sums.Others(k))!.Value, 1e-15);
    }

    /// <summary>All pairs, one by one.</summary>
    static double Exact(ScoredExample[] rows, int k)
    {
        var (won, all) = (0.0, 0.0);
        foreach (var own in rows.Where(row => row.Observed == k))
        {
            foreach (var other in rows.Where(row => row.Observed != k))
            {
                var pair = own.Weight * other.Weight;
                all += pair;
                var difference = own.Probabilities[k].CompareTo(other.Probabilities[k]);
                won += difference > 0 ? pair : difference == 0 ? pair / 2 : 0;
            }
        }
        return won / all;
    }

    static double Bound(ReadOnlySpan<long> own, ReadOnlySpan<long> others)
    {
        var (together, ownSum, othersSum) = (0.0, 0.0, 0.0);
        for (var b = 0; b < own.Length; b++)
        {
            together += (double)own[b] * others[b];
            ownSum += own[b];
            othersSum += others[b];
        }
        return together / ownSum / othersSum / 2;
    }
}
