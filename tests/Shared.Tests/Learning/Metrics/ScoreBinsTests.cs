using DistTrain.Learning.Metrics;
using DistTrain.Numerics;

namespace DistTrain.Shared.Tests.Learning.Metrics;

public sealed class ScoreBinsTests
{
    [Theory]
    [InlineData(0.0, 0)]
    [InlineData(double.Epsilon, 0)]
    [InlineData(1e-12, 0)]
    [InlineData(1.0 / (1L << 34), 0)]
    [InlineData(257.0 / (1L << 42), 1)]
    [InlineData(1.0 / (1L << 33), 256)]
    [InlineData(1.0 / (1L << 17), 4096 + 512)]
    [InlineData(0.125, 32_768 - 8192 - 4096)]
    [InlineData(0.25, 32_768 - 8192)]
    [InlineData(0.375, 32_768 - 4096)]
    [InlineData(0.5, 32_768)]
    [InlineData(0.75, 32_767 + 8192)]
    [InlineData(1 - 1.0 / (1L << 33), 65_535 - 256)]
    [InlineData(1 - 1.1102230246251565e-16, 65_535)]
    [InlineData(1.0, 65_535)]
    [InlineData(double.NaN, 65_535)]
    public void Octaves_have_the_bins_that_they_are_given(double probability, int expected) =>
        Assert.Equal(expected, ScoreBins.Of(probability));

    [Fact]
    public void Just_below_one_half_is_the_last_bin_of_the_lower_half() =>
        Assert.Equal(32_767, ScoreBins.Of(Math.BitDecrement(0.5)));

    [Fact]
    public void A_higher_probability_never_has_a_lower_bin()
    {
        var random = new CounterRandom(31, 1);
        var probabilities = Enumerable.Range(0, 20_000).Select(_ => Probability(ref random)).Order().ToArray();
        Assert.All(probabilities.Zip(probabilities.Skip(1)), pair => Assert.True(ScoreBins.Of(pair.First) <= ScoreBins.Of(pair.Second)));
    }

    [Fact]
    public void Probabilities_in_one_bin_are_close()
    {
        var random = new CounterRandom(32, 1);
        var bins = Enumerable.Range(0, 200_000).Select(_ => Probability(ref random)).Where(p => Math.Min(p, 1 - p) >= 1.0 / (1L << 34))
            .GroupBy(ScoreBins.Of).Where(bin => bin.Count() > 1).ToArray();
        Assert.True(bins.Length > 5_000);
        Assert.All(bins, bin =>
        {
            double[] ends = [.. bin.Select(p => Math.Min(p, 1 - p))];
            Assert.True(ends.Max() - ends.Min() < Math.Min(1.0 / (1 << 15), ends.Min() / 256) * (1 + 1e-12), $"bin {bin.Key}");
        });
    }

    /// <summary>The logistic function of −50 … 50: some below the smallest bin, some that are 1.</summary>
    static double Probability(ref CounterRandom random) => 1 / (1 + Math.Exp(100 * random.NextDouble() - 50));
}
