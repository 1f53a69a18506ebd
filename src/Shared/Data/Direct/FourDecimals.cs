using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace DistTrain.Data.Direct;

/// <summary>Four plain decimals of at most eight bytes at once, with the result of <see cref="ShortDecimal"/>.</summary>
/// <remarks>
/// Each stands in a word of its own, its last byte highest; then all four are told from other bytes, closed up, added in pairs and divided
/// together.
/// </remarks>
static class FourDecimals
{
    public const int Count = 4;

    const int WordBytes = sizeof(ulong);

    /// <summary>For each place of the point, told by the bit of its byte in the word, the power of ten to divide by; no bit: no point.</summary>
    static readonly double[] Divisors = DivisorsOf();

    /// <summary>Reads four cells that follow each other.</summary>
    /// <param name="text"><see cref="ShortDecimal.BytesBehind"/> bytes follow the start of the last cell.</param>
    /// <param name="start">Where the first of them starts.</param>
    /// <param name="ends">Behind their last bytes; one byte is between two cells.</param>
    /// <returns>False where one of them is anything else than such a number.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryRead(ReadOnlySpan<byte> text, int start, ReadOnlySpan<int> ends, out Vector256<double> values)
    {
        var (end0, end1, end2, end3) = (ends[0], ends[1], ends[2], ends[3]);
        _ = text[end3 + ShortDecimal.BytesBehind - 1];
        ref var bytes = ref MemoryMarshal.GetReference(text);
        var outside = 0u;
        var word0 = WordOf(ref bytes, start, end0, ref outside, out var sign0);
        var word1 = WordOf(ref bytes, end0 + 1, end1, ref outside, out var sign1);
        var word2 = WordOf(ref bytes, end1 + 1, end2, ref outside, out var sign2);
        var word3 = WordOf(ref bytes, end2 + 1, end3, ref outside, out var sign3);
        var digits = Vector256.Create(word0, word1, word2, word3);
        var isPoint = Vector256.Equals(digits.AsByte(), Vector256.Create((byte)('.' ^ '0')));
        var points = isPoint.AsUInt64();
        var lowest = points & (Vector256<ulong>.Zero - points);
        // No byte but digits and one point at most, which is not the last byte; "." alone would be one.
        var odd = (Vector256.GreaterThan(digits.AsByte(), Vector256.Create((byte)9)) ^ isPoint).AsUInt64()
            | ((lowest << 8) - lowest ^ points) | (points & Vector256.Create(0xFFUL << 56));
        values = default;
        if (outside >= WordBytes || odd != Vector256<ulong>.Zero) return false;

        var divisors = DivisorsAt(isPoint.ExtractMostSignificantBits());
        var magnitudes = ToDouble(Sum(CloseUp(digits, points, lowest))) / divisors;
        values = (magnitudes.AsUInt64() | Vector256.Create(sign0, sign1, sign2, sign3)).AsDouble();
        return true;
    }

    /// <param name="outside">Gets bits from <see cref="WordBytes"/> on where there are no bytes, or too many.</param>
    /// <param name="sign">The double's sign bit.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static ulong WordOf(ref byte text, int start, int end, ref uint outside, out ulong sign)
    {
        var isNegative = (uint)(Unsafe.Add(ref text, start) ^ '-') - 1 >> 31;
        sign = (ulong)isNegative << 63;
        start += (int)isNegative;
        outside |= (uint)(end - start - 1);
        return (Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref text, start)) ^ 0x3030303030303030) << 8 * (start - end);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<ulong> CloseUp(Vector256<ulong> digits, Vector256<ulong> points, Vector256<ulong> lowest)
    {
        var below = Vector256.AndNot(lowest - Vector256<ulong>.One, Vector256.Equals(points, Vector256<ulong>.Zero));
        return Vector256.AndNot(digits, below | points) | (digits & below) << 8;
    }

    /// <summary>The numbers whose digits are the words' bytes, the first the lowest.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<ulong> Sum(Vector256<ulong> digits)
    {
        var pairs = (digits << 3) + (digits << 1) + (digits >> 8) & Vector256.Create(0x00FF00FF00FF00FFUL);
        var fours = (pairs.AsUInt16() * 100).AsUInt64() + (pairs >> 16) & Vector256.Create(0x0000FFFF0000FFFFUL);
        return (fours.AsUInt32() * 10_000).AsUInt64() + (fours >> 32) & Vector256.Create(0xFFFFFFFFUL);
    }

    /// <summary>Exactly: as the last bits of 2⁵² + n.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<double> ToDouble(Vector256<ulong> numbers)
    {
        const double Two52 = 1L << 52;
        return (numbers | Vector256.Create(Two52).AsUInt64()).AsDouble() - Vector256.Create(Two52);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<double> DivisorsAt(uint points)
    {
        ref var divisors = ref MemoryMarshal.GetArrayDataReference(Divisors);
        return Vector256.Create(
            Unsafe.Add(ref divisors, (nuint)(byte)points), Unsafe.Add(ref divisors, (nuint)(byte)(points >> 8)),
            Unsafe.Add(ref divisors, (nuint)(byte)(points >> 16)), Unsafe.Add(ref divisors, (nuint)(points >> 24)));
    }

    static double[] DivisorsOf()
    {
        var divisors = new double[1 << WordBytes];
        divisors[0] = 1;
        for (var (place, divisor) = (WordBytes - 1, 1.0); place >= 0; place--, divisor *= 10) divisors[1 << place] = divisor;
        return divisors;
    }
}
