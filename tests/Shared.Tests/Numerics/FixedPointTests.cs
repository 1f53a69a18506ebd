using System.Runtime.Intrinsics;
using CsCheck;
using DistTrain.Numerics;

namespace DistTrain.Shared.Tests.Numerics;

public sealed class FixedPointTests
{
    const double Range = 1L << 62;

    static readonly double[] Edges =
    [
        0, -0.0, 0.5, -0.5, 1.5, 2.5, -2.5, 0.49999999999999994, 1L << 19, (1L << 19) + 0.5, (1L << 20) - 0.5, (1L << 20) + 0.5,
        (1L << 51) + 0.5, -(1L << 51) - 0.5, (1L << 52) + 1, 1L << 53, Range, -Range, Range - 512, 1e-300,
    ];

    [Fact]
    public void Vectors_round_as_single_numbers_do()
    {
        foreach (var edge in Edges) AssertSame(edge);
        var exponents = Gen.Int[-10, 61];
        Gen.Select(Gen.Double[-2, 2], exponents).Sample((mantissa, exponent) => AssertSame(Math.ScaleB(mantissa, exponent)));
    }

    [Fact]
    public void Halves_go_to_the_even_neighbour() =>
        Assert.Equal([0L, 2, 2, -2, 4], new[] { 0.5, 1.5, 2.5, -2.5, 3.5 }.Select(FixedPoint.Round));

    [Fact]
    public void Wide_sums_hold_what_64_bits_cannot()
    {
        var wide = FixedPoint.RoundWide(1e20, Math.ScaleB(1, 50));
        Assert.Equal((Int128)10_000_000_000 * 10_000_000_000 << 50, wide);
        Assert.Equal(1e20, FixedPoint.ToDouble(wide, Math.ScaleB(1, 50)));
        Assert.Equal(-0.75, FixedPoint.ToDouble(FixedPoint.RoundWide(-0.75, 4), 4));
    }

    [Fact]
    public void Wide_sums_are_the_same_on_either_side_of_64_bits()
    {
        const double Edge = 1UL << 63;
        Assert.Equal(Int128.One << 63, FixedPoint.RoundWide(Edge, 1));
        Assert.Equal(-(Int128.One << 63), FixedPoint.RoundWide(-Edge, 1));
        Assert.Equal((Int128.One << 63) - 1024, FixedPoint.RoundWide(Math.BitDecrement(Edge), 1));
        Assert.Equal((Int128.One << 63) + 2048, FixedPoint.RoundWide(Math.BitIncrement(Edge), 1));
        Assert.Equal([0, 2, -2, 3], new[] { 0.5, 1.5, -2.5, 2.51 }.Select(value => (int)FixedPoint.RoundWide(value, 1)));
    }

    [Theory, InlineData(1, 1), InlineData(1.9, 1), InlineData(2, 2), InlineData(0.3, 0.25), InlineData(1e-9, 9.31322574615478515625e-10)]
    public void The_largest_power_of_two_up_to_a_bound(double bound, double expected) =>
        Assert.Equal(expected, FixedPoint.LargestPowerOfTwoUpTo(bound));

    static void AssertSame(double scaled)
    {
        var expected = FixedPoint.Round(scaled);
        Assert.Equal(Vector256.Create(expected), FixedPoint.Round(Vector256.Create(scaled)));
        Assert.Equal(Vector128.Create(expected), FixedPoint.Round(Vector128.Create(scaled)));
    }
}
