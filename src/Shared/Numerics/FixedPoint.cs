using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace DistTrain.Numerics;

/// <summary>
/// The one rounding between float arithmetic and exact sums: a number times its scale, to the nearest 64-bit integer, ties to even.
/// </summary>
/// <remarks>
/// Scales are powers of two, so the product is exact in double and the rounding is the only one. The vector form splits the product
/// at 2²⁰ with two additions of a magic constant each; both halves are exact, so it equals the scalar form bit for bit.
/// Range: |value · scale| ≤ 2⁶², which the choice of scales guarantees (docs/math.md: 2·c·A_d·s_d ≤ 2⁶²).
/// </remarks>
public static class FixedPoint
{
    const double HighMagic = 1.5 * (1L << 52) * (1L << 20);
    const double LowMagic = 1.5 * (1L << 52);

    /// <summary>Below this a double fits in 64 bits.</summary>
    const double LongRange = 1UL << 63;

    /// <summary><paramref name="scaled"/> to the nearest integer, ties to even.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Round(double scaled) => (long)Math.Round(scaled);

    /// <summary>Four products rounded at once; the same bits as one at a time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<long> Round(Vector256<double> scaled)
    {
        var highMagic = Vector256.Create(HighMagic);
        var lowMagic = Vector256.Create(LowMagic);
        var highShifted = scaled + highMagic;
        var low = scaled - (highShifted - highMagic);
        var highInteger = Vector256.ShiftLeft(highShifted.AsInt64() - highMagic.AsInt64(), 20);
        var lowInteger = (low + lowMagic).AsInt64() - lowMagic.AsInt64();
        return highInteger + lowInteger;
    }

    /// <summary>Two products rounded at once; the same bits as one at a time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<long> Round(Vector128<double> scaled)
    {
        var highMagic = Vector128.Create(HighMagic);
        var lowMagic = Vector128.Create(LowMagic);
        var highShifted = scaled + highMagic;
        var low = scaled - (highShifted - highMagic);
        var highInteger = Vector128.ShiftLeft(highShifted.AsInt64() - highMagic.AsInt64(), 20);
        var lowInteger = (low + lowMagic).AsInt64() - lowMagic.AsInt64();
        return highInteger + lowInteger;
    }

    /// <summary>A double times a power of two, rounded to a 128-bit integer; for scalars, whose range has no small bound.</summary>
    /// <remarks>
    /// Nearly all of them fit in 64 bits, to which a double is converted in a fraction of the time; the integer is the same.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideInteger RoundWide(double value, double scale)
    {
        var rounded = Math.Round(value * scale);
        return Math.Abs(rounded) < LongRange ? (long)rounded : WideInteger.OfLarge(rounded);
    }

    /// <summary>The double nearest to <paramref name="sum"/> / <paramref name="scale"/>.</summary>
    public static double ToDouble(WideInteger sum, double scale) => (double)sum / scale;

    /// <summary>The largest power of two not above <paramref name="bound"/>, which is positive and finite.</summary>
    public static double LargestPowerOfTwoUpTo(double bound) => Math.ScaleB(1, Math.ILogB(bound));
}
