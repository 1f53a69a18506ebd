using DistTrain.Numerics;

namespace DistTrain.Shared.Tests.Numerics;

public sealed class WideIntegerTests
{
    static readonly Int128[] Edges =
    [
        0, 1, -1, long.MaxValue, long.MinValue, ulong.MaxValue, Int128.One << 64, -(Int128.One << 64), (Int128.One << 100) + 1,
        -(Int128.One << 100) - 1, Int128.MaxValue, Int128.MinValue + 1,
    ];

    static IEnumerable<Int128> Numbers()
    {
        var random = new CounterRandom(seed: 31, stream: 1);
        return [.. Edges, .. Enumerable.Range(0, 200).Select(i => new Int128(random.NextUInt64(), random.NextUInt64()) >> (i % 127))];
    }

    [Fact]
    public void It_computes_as_Int128_does()
    {
        foreach (var a in Numbers())
        {
            var wide = (WideInteger)a;
            Assert.Equal(a, (Int128)wide);
            Assert.Equal(-a, (Int128)(-wide));
            Assert.Equal(Int128.Abs(a), (Int128)WideInteger.Abs(wide));
            Assert.Equal((double)a, (double)wide);
            foreach (var b in Numbers())
            {
                Assert.Equal(unchecked(a + b), (Int128)(wide + (WideInteger)b));
                Assert.Equal(unchecked(a - b), (Int128)(wide - (WideInteger)b));
                Assert.Equal(a == b, wide == (WideInteger)b);
            }
        }
    }

    [Theory, InlineData(0L), InlineData(5L), InlineData(-5L), InlineData(long.MinValue)]
    public void A_number_of_64_bits_keeps_its_sign(long value) => Assert.Equal(value, (Int128)(WideInteger)value);

    [Theory, InlineData(1e25), InlineData(-1e25), InlineData(1e60), InlineData(double.NaN)]
    public void A_large_double_becomes_what_Int128_makes_of_it(double value) =>
        Assert.Equal((Int128)value, (Int128)WideInteger.OfLarge(value));

    [Fact]
    public void It_lies_in_memory_as_Int128_does() => Assert.Equal(
        System.Runtime.InteropServices.MemoryMarshal.AsBytes<Int128>(Edges).ToArray(),
        System.Runtime.InteropServices.MemoryMarshal.AsBytes<WideInteger>(Array.ConvertAll(Edges, edge => (WideInteger)edge)).ToArray());
}
