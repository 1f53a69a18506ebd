using DistTrain.Learning.Metrics;
using DistTrain.Numerics;

namespace DistTrain.Shared.Tests.Learning.Metrics;

public sealed class ProbabilitySumsTests
{
    const double Scale = 1L << 40;

    [Fact]
    public void Worked_by_hand()
    {
        var sums = new ProbabilitySums(3);
        Add(sums, new([0.7, 0.2, 0.1], 0, 2)); // first of three, right
        Add(sums, new([0.25, 0.25, 0.5], 1, 1)); // last but one: the earlier of equals comes first
        Add(sums, new([0.5, 0.3, 0.2], -1, 4)); // a class that the softmax does not have

        Assert.Equal([1, 2], sums.TopCounts.AsEnumerable());
        Assert.Equal([2.0, 2.0], sums.TopWeights.Select(Number));
        Assert.Equal(2 * -Math.Log(0.7), Number(sums.ClassLosses[0]), 1e-11);
        Assert.Equal(-Math.Log(0.25), Number(sums.ClassLosses[1]), 1e-11);
        Assert.Equal(0, Number(sums.ClassLosses[2]));
        // 2·(0.09 + 0.04 + 0.01) + (0.0625 + 0.5625 + 0.25) + 4·(1 + 0.25 + 0.09 + 0.04)
        Assert.Equal(0.28 + 0.875 + 5.52, Number(sums.Brier), 1e-11);
        // 0.7 = 10.5/15 is in bin 10; 0.5 = 7.5/15 in bin 7.
        Assert.Equal((2, 1.4, 2), Bin(sums, 10));
        Assert.Equal((5, 2.5, 0), Bin(sums, 7));
    }

    [Theory]
    [InlineData(0.0, 0)]
    [InlineData(1.0 / 15, 0)]
    [InlineData(0.0667, 1)]
    [InlineData(1.0 / 3, 4)]
    [InlineData(0.34, 5)]
    [InlineData(14.0 / 15, 13)]
    [InlineData(1.0, 14)]
    public void Bins_are_closed_above(double probability, int expected) => Assert.Equal(expected, ProbabilitySums.BinOf(probability));

    [Theory]
    [InlineData(2, new[] { 1 })]
    [InlineData(3, new[] { 1, 2 })]
    [InlineData(5, new[] { 1, 2, 3 })]
    [InlineData(6, new[] { 1, 2, 3, 5 })]
    [InlineData(1000, new[] { 1, 2, 3, 5 })]
    public void As_many_first_classes_as_are_fewer_than_all(int classCount, int[] expected)
    {
        var sums = new ProbabilitySums(classCount);
        Assert.Equal(expected, sums.TopCounts.AsEnumerable());
        Assert.Equal(expected.Length, sums.TopWeights.Length);
    }

    [Theory, InlineData(2), InlineData(3), InlineData(7), InlineData(1000)]
    public void Sums_equal_the_slow_twins(int classCount)
    {
        var rows = RandomScores.Rows(seed: 51, rowCount: 1200, classCount, isCoarse: classCount == 7);
        var sums = new ProbabilitySums(classCount);
        foreach (var row in rows) Add(sums, row);

        for (var i = 0; i < sums.TopCounts.Length; i++)
            Assert.Equal(rows.Where(row => IsAmong(row, sums.TopCounts[i])).Sum(row => row.Weight), Number(sums.TopWeights[i]));
        for (var k = 0; k < classCount; k++)
        {
            var loss = rows.Where(row => row.Observed == k).Sum(row => -row.Weight * Math.Log(row.Probabilities[k]));
            Assert.Equal(loss, Number(sums.ClassLosses[k]), 1e-8);
        }
        Assert.Equal(rows.Sum(row => row.Weight * Brier(row)), Number(sums.Brier), 1e-8);
        for (var b = 0; b < ProbabilitySums.BinCount; b++)
        {
            var (from, to) = (b / 15.0, (b + 1) / 15.0);
            var bin = rows.Where(row => row.Probabilities.Max() > from && row.Probabilities.Max() <= to).ToArray();
            var (weight, confidence, hits) = Bin(sums, b);
            Assert.Equal(bin.Sum(row => row.Weight), weight);
            Assert.Equal(bin.Sum(row => row.Weight * row.Probabilities.Max()), confidence, 1e-8);
            Assert.Equal(bin.Where(row => row.Observed == Top(row)).Sum(row => row.Weight), hits);
        }
    }

    [Fact]
    public void Any_grouping_gives_the_same_bits()
    {
        var rows = RandomScores.Rows(seed: 52, rowCount: 300, classCount: 4);
        var whole = new ProbabilitySums(4);
        foreach (var row in rows) Add(whole, row);
        foreach (var groupCount in (int[])[1, 2, 3, 7])
        {
            var parts = Enumerable.Range(0, groupCount).Select(_ => new ProbabilitySums(4)).ToArray();
            foreach (var (i, row) in rows.Reverse().Index()) Add(parts[i % groupCount], row);
            var total = new ProbabilitySums(4);
            foreach (var part in parts.Reverse()) total.Add(part);

            Assert.Equal(whole.TopWeights, total.TopWeights);
            Assert.Equal(whole.ClassLosses, total.ClassLosses);
            Assert.Equal(whole.Brier, total.Brier);
            Assert.Equal(whole.BinWeights, total.BinWeights);
            Assert.Equal(whole.BinConfidences, total.BinConfidences);
            Assert.Equal(whole.BinHits, total.BinHits);
        }
    }

    [Theory]
    [InlineData(2, 0)]
    [InlineData(0, 1)]
    [InlineData(3, 2)]
    [InlineData(1, 3)]
    [InlineData(-1, 4)]
    public void Ranks_follow_the_logits_and_then_the_order_of_classes(int observed, int expected) =>
        Assert.Equal(expected, ScoredRow.RankOf(observed, [1, -3, 5, 1]));

    static void Add(ProbabilitySums sums, ScoredExample row)
    {
        var loss = row.Observed < 0 ? double.NaN : -Math.Log(row.Probabilities[row.Observed]);
        sums.Add(
            new ScoredRow(row.Probabilities, row.Observed, ScoredRow.RankOf(row.Observed, row.Probabilities), loss, row.Weight), Scale);
    }

    static bool IsAmong(ScoredExample row, int count) =>
        Enumerable.Range(0, row.Probabilities.Length).OrderByDescending(k => row.Probabilities[k]).Take(count).Contains(row.Observed);

    static double Brier(ScoredExample row) =>
        row.Probabilities.Select((p, k) => Math.Pow(p - (k == row.Observed ? 1 : 0), 2)).Sum() + (row.Observed < 0 ? 1 : 0);

    static int Top(ScoredExample row) => Array.IndexOf(row.Probabilities, row.Probabilities.Max());

    static (double Weight, double Confidence, double Hits) Bin(ProbabilitySums sums, int bin) =>
        (Number(sums.BinWeights[bin]), Math.Round(Number(sums.BinConfidences[bin]), 9), Number(sums.BinHits[bin]));

    static double Number(WideInteger sum) => (double)sum / Scale;
}
