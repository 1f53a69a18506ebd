using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace DistTrain.Data.Direct;

/// <summary>Plain decimals of few digits, eight bytes at once: to the nearest double, as <see cref="Tables.Parsing.DecimalText"/> reads them.</summary>
/// <remarks>
/// Digits are told from other bytes, the point is closed up, and the digits that are left are added in pairs (Lemire, "Quickly parsing eight
/// digits"). They and the power of ten are exact doubles, so that the one division rounds correctly.
/// </remarks>
static class ShortDecimal
{
    /// <summary>Bytes that must follow the start of a number in the text, whatever they are.</summary>
    public const int BytesBehind = 16;

    const ulong Zeros = 0x3030303030303030;

    static readonly double[] PowersOfTen = [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7];

    /// <summary>
    /// Reads a sign and up to eight digits, or up to seven with a point among them. The caller must see that the number ends at
    /// <paramref name="end"/>: longer ones are cut.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryRead(ReadOnlySpan<byte> text, int start, out double value, out int end)
    {
        var isNegative = text[start] == '-' ? 1 : 0;
        start += isNegative;
        var digits = BinaryPrimitives.ReadUInt64LittleEndian(text[start..]) ^ Zeros;
        var count = DigitCount(digits);
        var decimals = 0;
        end = start + count;
        if (text[end] == '.' && count < 8)
        {
            var whole = count;
            var before = (1UL << (8 * whole)) - 1;
            digits = digits & before | digits >> 8 & ~before | 0x80UL << 56;
            count = DigitCount(digits);
            decimals = count - whole;
            end = start + count + 1;
        }
        value = 0;
        if (count == 0) return false;
        var magnitude = Sum(digits << (64 - 8 * count)) / PowersOfTen[decimals];
        value = BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits(magnitude) | (long)isNegative << 63);
        return true;
    }

    /// <summary>Bytes from the lowest on that are 0 … 9.</summary>
    static int DigitCount(ulong digits) =>
        BitOperations.TrailingZeroCount((digits + 0x7676767676767676 | digits) & 0x8080808080808080) >> 3;

    /// <summary>The number whose digits are the eight bytes, the first the lowest.</summary>
    static double Sum(ulong digits)
    {
        digits = digits * 10 + (digits >> 8) & 0x00FF00FF00FF00FF;
        digits = digits * 100 + (digits >> 16) & 0x0000FFFF0000FFFF;
        return (long)(digits * 10_000 + (digits >> 32) & 0xFFFFFFFF);
    }
}
