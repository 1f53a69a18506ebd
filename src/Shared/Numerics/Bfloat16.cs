using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace DistTrain.Numerics;

/// <summary>
/// float32 rounded to its upper 16 bits (sign, 8 bits of exponent, 7 of fraction), to nearest, ties to even: of a value at least 2⁻¹²⁶ in
/// size it changes at most 2⁻⁸. What rounds beyond the largest finite number becomes that; infinities stay, and NaN stays one.
/// </summary>
static class Bfloat16
{
    const uint Magnitude = 0x7FFF_FFFF;
    const uint Infinity = 0x7F80_0000;
    const uint SmallestNormal = 0x0080_0000;
    const uint Largest = 0x7F7F_0000;
    const uint Quiet = 0x0040_0000;

    /// <summary>Rounds whole vectors of eight, and says by how much.</summary>
    /// <param name="values">A multiple of eight.</param>
    /// <param name="rounded">As long.</param>
    public static RoundingSums Round(ReadOnlySpan<float> values, Span<ushort> rounded)
    {
        if (values.Length % Vector256<float>.Count != 0 || rounded.Length != values.Length)
            throw new ArgumentException("Not whole vectors of one length.");

        ref var from = ref MemoryMarshal.GetReference(values);
        ref var to = ref MemoryMarshal.GetReference(rounded);
        var (squares, largest) = (Vector256<ulong>.Zero, Vector256<uint>.Zero);
        for (nuint i = 0; i < (nuint)values.Length; i += (nuint)Vector256<float>.Count)
        {
            var x = Vector256.LoadUnsafe(ref from, i);
            var bits = Rounded(x.AsUInt32());
            var change = ChangeOf(x, bits.AsSingle());
            var square = change * change;
            squares += Vector256.WidenLower(square) + Vector256.WidenUpper(square);
            largest = Vector256.Max(largest, change);
            var upper = bits >>> 16;
            Vector128.Narrow(upper.GetLower(), upper.GetUpper()).StoreUnsafe(ref to, i);
        }
        var (sum, most) = (0UL, 0u);
        for (var lane = 0; lane < Vector256<ulong>.Count; lane++) sum += squares[lane];
        for (var lane = 0; lane < Vector256<uint>.Count; lane++) most = Math.Max(most, largest[lane]);
        return new RoundingSums((long)sum, (int)most);
    }

    /// <summary>The same numbers as float32.</summary>
    public static void Widen(ReadOnlySpan<ushort> rounded, Span<float> values)
    {
        for (var i = 0; i < rounded.Length; i++) values[i] = BitConverter.UInt32BitsToSingle((uint)rounded[i] << 16);
    }

    /// <summary>Whether none is infinite or not a number.</summary>
    public static bool AllFinite(ReadOnlySpan<ushort> numbers)
    {
        var all = true;
        foreach (var number in numbers) all &= (number & Infinity >> 16) != Infinity >> 16;
        return all;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<uint> Rounded(Vector256<uint> bits)
    {
        var size = bits & Vector256.Create(Magnitude);
        var nearest = (size + Vector256.Create(0x7FFFu) + (size >>> 16 & Vector256<uint>.One)) & Vector256.Create(0xFFFF_0000u);
        var finite = Vector256.Min(nearest, Vector256.Create(Largest));
        // NaN must not lose all bits of its fraction: it would be infinite.
        var other = size & Vector256.Create(0xFFFF_0000u);
        other = Vector256.ConditionalSelect(
            Vector256.GreaterThan(size, Vector256.Create(Infinity)), other | Vector256.Create(Quiet), other);
        return Vector256.ConditionalSelect(Vector256.LessThan(size, Vector256.Create(Infinity)), finite, other)
            | bits & Vector256.Create(~Magnitude);
    }

    /// <summary>|x − rounded| / |x| in units of 1 / <see cref="RoundingSums.UnitsOfOne"/>, cut to whole ones; 0 for what is no normal number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<uint> ChangeOf(Vector256<float> x, Vector256<float> rounded)
    {
        var size = x.AsUInt32() & Vector256.Create(Magnitude);
        var isNormal = Vector256.GreaterThanOrEqual(size, Vector256.Create(SmallestNormal))
            & Vector256.LessThan(size, Vector256.Create(Infinity));
        // The difference of neighbours is exact.
        var change = Vector256.Abs(x - rounded) / size.AsSingle() * Vector256.Create((float)RoundingSums.UnitsOfOne);
        return Vector256.ConvertToInt32(Vector256.ConditionalSelect(isNormal.AsSingle(), change, Vector256<float>.Zero)).AsUInt32();
    }
}
