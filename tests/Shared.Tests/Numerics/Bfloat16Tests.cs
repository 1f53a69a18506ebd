using DistTrain.Numerics;

namespace DistTrain.Shared.Tests.Numerics;

public class Bfloat16Tests
{
    const float LargestRounded = 3.3895314e38f;

    [Theory]
    [InlineData(0f, 0f)]
    [InlineData(1f, 1f)]
    [InlineData(-2.5f, -2.5f)]
    [InlineData(1.00390625f, 1f)]                                  // halfway: to the even one below
    [InlineData(1.01171875f, 1.015625f)]                           // halfway: to the even one above
    [InlineData(1.0039064f, 1.0078125f)]                           // just above halfway
    [InlineData(-1.0039064f, -1.0078125f)]
    [InlineData(1.9999f, 2f)]                                      // into the next binade
    [InlineData(1e-45f, 0f)]                                       // the smallest number of all
    [InlineData(9.1835e-41f, 9.1835e-41f)]                         // the smallest of bf16, 2⁻¹³³
    [InlineData(1.1754942e-38f, 1.17549435e-38f)]                  // the largest subnormal
    [InlineData(LargestRounded, LargestRounded)]
    [InlineData(float.MaxValue, LargestRounded)]                   // never infinite
    [InlineData(float.MinValue, -LargestRounded)]
    [InlineData(float.PositiveInfinity, float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity, float.NegativeInfinity)]
    [InlineData(float.NaN, float.NaN)]
    public void Numbers_are_rounded_to_the_nearest_and_to_even(float value, float expected) => Assert.Equal(expected, Round(value));

    [Fact]
    public void The_sign_of_zero_stays() => Assert.Equal(BitConverter.SingleToInt32Bits(-0f), BitConverter.SingleToInt32Bits(Round(-0f)));

    [Fact]
    public void What_is_not_a_number_stays_so_whatever_its_bits()
    {
        foreach (var bits in new[] { 0x7F80_0001u, 0xFF80_0001u, 0x7FFF_FFFFu, 0xFFFF_0000u, 0x7F80_8000u })
            Assert.True(float.IsNaN(Round(BitConverter.UInt32BitsToSingle(bits))), $"{bits:X}");
    }

    [Fact]
    public void Random_bits_are_rounded_as_doubles_say()
    {
        var random = new CounterRandom(3, 1);
        for (var i = 0; i < 100_000; i++)
        {
            var value = BitConverter.UInt32BitsToSingle((uint)random.NextUInt64());
            if (float.IsFinite(value)) Assert.Equal(SlowlyRounded(value), Round(value));
        }
    }

    [Fact]
    public void Changes_are_counted_relative_to_each_number()
    {
        float[] values = [1.00390625f, 1.5f, -3f, 0, float.MaxValue, 1e-40f, 1e-45f, float.PositiveInfinity];

        var sums = Bfloat16.Round(values, new ushort[8]);

        // 2⁻⁸ of 1.00390625, and of the largest number of all 2¹⁵ − 2⁻⁸ of its 2²⁴ − 1 units; what is subnormal or infinite does not count.
        int[] changes = [(int)(0.00390625 / 1.00390625 * RoundingSums.UnitsOfOne), (int)(65535.0 / 16777215 * RoundingSums.UnitsOfOne)];
        Assert.Equal(new RoundingSums(changes.Sum(change => (long)change * change), changes.Max()), sums);
        Assert.True(sums.Most <= 1.0 / 256);
    }

    [Fact]
    public void Changes_are_those_of_doubles_and_at_most_one_of_256()
    {
        var random = new CounterRandom(4, 1);
        float[] values = [.. Enumerable.Range(0, 4096).Select(_ => (float)(random.NextGaussian() * Math.Exp(10 * random.NextGaussian())))];

        var sums = Bfloat16.Round(values, new ushort[values.Length]);

        var expected = values.Select(value => Math.Abs(value - (double)Round(value)) / Math.Abs(value)).ToList();
        Assert.Equal(Math.Sqrt(expected.Average(change => change * change)), sums.RootMeanSquare(values.Length), 1e-6);
        Assert.Equal(expected.Max(), sums.Most, 1e-6);
        Assert.InRange(sums.Most, 0, 1.0 / 256);
    }

    [Fact]
    public void Sums_are_the_same_in_any_order()
    {
        var (one, other) = (new RoundingSums(5, 7), new RoundingSums(11, 3));

        Assert.Equal(new RoundingSums(16, 7), one + other);
        Assert.Equal(one + other, other + one);
    }

    [Fact]
    public void Infinite_numbers_are_found()
    {
        Assert.True(Bfloat16.AllFinite([0x7F7F, 0xFF7F, 0, 0x8000, 1]));
        foreach (var bits in new ushort[] { 0x7F80, 0xFF80, 0x7FC0, 0xFF81 }) Assert.False(Bfloat16.AllFinite([0, bits]));
    }

    [Fact]
    public void Whole_vectors_are_asked_for()
    {
        Assert.Throws<ArgumentException>(() => Bfloat16.Round(new float[7], new ushort[7]));
        Assert.Throws<ArgumentException>(() => Bfloat16.Round(new float[8], new ushort[16]));
    }

    static float Round(float value)
    {
        var (rounded, widened) = (new ushort[8], new float[8]);
        Bfloat16.Round([value, value, value, value, value, value, value, value], rounded);
        Bfloat16.Widen(rounded, widened);
        return widened[0];
    }

    /// <summary>The nearer neighbour; of two equally near ones the even one; beyond the largest that.</summary>
    static float SlowlyRounded(float value)
    {
        var low = BitConverter.SingleToUInt32Bits(value) & 0xFFFF_0000;
        var (near, far) = (BitConverter.UInt32BitsToSingle(low), BitConverter.UInt32BitsToSingle(low + 0x1_0000));
        if (!float.IsFinite(far)) return near;
        var (below, above) = (Math.Abs((double)value - near), Math.Abs((double)value - far));
        return below < above || below == above && (low & 0x1_0000) == 0 ? near : far;
    }
}
