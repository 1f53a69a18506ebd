using DistTrain.Numerics;

namespace DistTrain.Shared.Tests.Numerics;

public sealed class CounterRandomTests
{
    const int Draws = 200_000;

    [Fact]
    public void A_stream_is_a_pure_function_of_seed_and_stream()
    {
        var (first, second) = (new CounterRandom(7, 3), new CounterRandom(7, 3));
        for (var i = 0; i < 100; i++) Assert.Equal(first.NextUInt64(), second.NextUInt64());
    }

    [Fact]
    public void Any_number_of_a_stream_can_be_had_at_once()
    {
        var random = new CounterRandom(7, 3);
        for (var i = 0UL; i < 100; i++) Assert.Equal(random.NextUInt64(), CounterRandom.At(7, 3, i));
    }

    [Fact]
    public void Seeds_and_streams_differ()
    {
        var ofSeeds = Enumerable.Range(0, 100).Select(seed => CounterRandom.At((ulong)seed, 0, 0));
        var ofStreams = Enumerable.Range(1, 100).Select(stream => CounterRandom.At(0, (ulong)stream, 0));
        Assert.Equal(200, ofSeeds.Concat(ofStreams).Distinct().Count());
    }

    [Fact]
    public void Doubles_are_uniform()
    {
        var random = new CounterRandom(1, 1);
        var draws = Enumerable.Range(0, Draws).Select(_ => random.NextDouble()).ToArray();
        Assert.All(draws, x => Assert.InRange(x, 0, 1 - 1.0 / (1UL << 53)));
        Assert.Equal(0.5, draws.Average(), 5 * Math.Sqrt(1.0 / 12 / Draws));
        Assert.Equal(1.0 / 12, draws.Average(x => (x - 0.5) * (x - 0.5)), 0.001);
        Assert.Equal(0, Enumerable.Range(1, Draws - 1).Average(i => (draws[i] - 0.5) * (draws[i - 1] - 0.5)), 5.0 / 12 / Math.Sqrt(Draws));
    }

    [Theory, InlineData(1), InlineData(2), InlineData(7), InlineData(100)]
    public void Whole_numbers_below_a_bound_are_equally_frequent(int bound)
    {
        var random = new CounterRandom(2, 1);
        var counts = new int[bound];
        for (var i = 0; i < Draws; i++) counts[random.NextInt32(bound)]++;
        var expected = (double)Draws / bound;
        Assert.All(counts, count => Assert.Equal(expected, count, 6 * Math.Sqrt(expected)));
    }

    [Fact]
    public void Gaussians_have_the_moments_of_a_standard_normal()
    {
        var random = new CounterRandom(3, 1);
        var draws = Enumerable.Range(0, Draws).Select(_ => random.NextGaussian()).ToArray();
        Assert.Equal(0, draws.Average(), 5 / Math.Sqrt(Draws));
        Assert.Equal(1, draws.Average(x => x * x), 5 * Math.Sqrt(2.0 / Draws));
        Assert.Equal(0, draws.Average(x => x * x * x), 5 * Math.Sqrt(15.0 / Draws));
        Assert.Equal(3, draws.Average(x => x * x * x * x), 5 * Math.Sqrt(96.0 / Draws));
    }
}
