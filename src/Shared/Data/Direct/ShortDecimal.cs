using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using DistTrain.Numerics;

namespace DistTrain.Data.Direct;

/// <summary>Plain decimals of up to fifteen digits, eight bytes at once: to the nearest double, as <see cref="Tables.Parsing.DecimalText"/> reads them.</summary>
/// <remarks>
/// The number's bytes are shifted to the upper end of a word (two, where they are more than eight), the point is closed up, and the digits are
/// added in pairs (Lemire, "Quickly parsing eight digits"). Their number and the power of ten are exact doubles, so that the one division
/// rounds correctly. As the end is known beforehand, one number needs nothing from the one before, and the processor reads several at once.
/// </remarks>
static class ShortDecimal
{
    /// <summary>Bytes that must follow the start of a number in the text, whatever they are.</summary>
    public const int BytesBehind = 17;

    const int WordBytes = sizeof(ulong);
    const int LengthMax = 2 * WordBytes;
    const int DigitsMax = 15;
    const ulong Zeros = 0x3030303030303030;
    const ulong Point = '.' ^ '0';

    static readonly double[] PowersOfTen = [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

    /// <summary>Reads digits with a point among them or without, behind a minus sign or none.</summary>
    /// <param name="end">Behind the number's last byte, at least <paramref name="start"/>.</param>
    /// <returns>False where it is anything else, or longer.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryRead(ReadOnlySpan<byte> text, int start, int end, out double value)
    {
        // Without a branch: signs come as they like.
        var isNegative = (int)((uint)(text[start] ^ '-') - 1 >> 31);
        start += isNegative;
        var length = end - start;
        long whole;
        int decimals;
        if ((uint)(length - 1) < WordBytes
            ? TryReadWord(text, start, length, out whole, out decimals)
            : TryReadWords(text, start, length, out whole, out decimals))
        {
            var magnitude = whole / PowersOfTen[decimals];
            value = BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits(magnitude) | (long)isNegative << 63);
            return true;
        }
        value = 0;
        return false;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static bool TryReadWord(ReadOnlySpan<byte> text, int start, int length, out long whole, out int decimals)
    {
        var digits = DigitsAt(text, start) << 8 * (WordBytes - length);
        var others = Others(digits);
        (whole, decimals) = (0, 0);
        if (others != 0)
        {
            if (length == 1 || !IsPoint(digits, others)) return false;
            digits = CloseUp(digits, others);
            decimals = WordBytes - 1 - IndexOf(others);
        }
        whole = Sum(digits);
        return true;
    }

    [MethodImpl(MethodImplOptions.NoInlining | Compilation.Full)]
    static bool TryReadWords(ReadOnlySpan<byte> text, int start, int length, out long whole, out int decimals)
    {
        (whole, decimals) = (0, 0);
        if (length is < WordBytes or > LengthMax) return false;

        var high = DigitsAt(text, start) << 8 * (LengthMax - length);
        var low = DigitsAt(text, start + length - WordBytes);
        var (othersHigh, othersLow) = (Others(high), Others(low));
        var hasPoint = (othersHigh | othersLow) != 0;
        if (length > (hasPoint ? DigitsMax + 1 : DigitsMax)) return false;
        if (othersLow != 0)
        {
            if (othersHigh != 0 || !IsPoint(low, othersLow)) return false;
            low = CloseUp(low, othersLow) | high >> 8 * (WordBytes - 1);
            high <<= 8;
            decimals = WordBytes - 1 - IndexOf(othersLow);
        }
        else if (hasPoint)
        {
            if (!IsPoint(high, othersHigh)) return false;
            high = CloseUp(high, othersHigh);
            decimals = LengthMax - 1 - IndexOf(othersHigh);
        }
        whole = Sum(high) * 100_000_000 + Sum(low);
        return true;
    }

    /// <summary>The bytes from <paramref name="start"/> on, less '0'.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static ulong DigitsAt(ReadOnlySpan<byte> text, int start) => BinaryPrimitives.ReadUInt64LittleEndian(text[start..]) ^ Zeros;

    /// <summary>The highest bit of each byte that is not 0 … 9; of the lowest such byte in any case, of those above it also where they are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static ulong Others(ulong digits) => (digits + 0x7676767676767676 | digits) & 0x8080808080808080;

    /// <summary>One byte is no digit, and it is the point.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static bool IsPoint(ulong digits, ulong others) => (others & others - 1) == 0 && (byte)(digits >> 8 * IndexOf(others)) == Point;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static int IndexOf(ulong others) => BitOperations.TrailingZeroCount(others) >> 3;

    /// <summary>The bytes below the point go up in its place; the lowest becomes 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static ulong CloseUp(ulong digits, ulong others)
    {
        var below = (1UL << 8 * IndexOf(others)) - 1;
        return digits & ~(below << 8 | 0xFF) | (digits & below) << 8;
    }

    /// <summary>The number whose digits are the eight bytes, the first the lowest.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static long Sum(ulong digits)
    {
        digits = digits * 10 + (digits >> 8) & 0x00FF00FF00FF00FF;
        digits = digits * 100 + (digits >> 16) & 0x0000FFFF0000FFFF;
        return (long)(digits * 10_000 + (digits >> 32) & 0xFFFFFFFF);
    }
}
