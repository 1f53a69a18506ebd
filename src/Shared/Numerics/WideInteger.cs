using System.Runtime.CompilerServices;

namespace DistTrain.Numerics;

/// <summary>A 128-bit integer in two's complement, as two halves: what exact sums of scalars are.</summary>
/// <remarks>
/// It lies in memory as <see cref="Int128"/> does. That has an alignment which .NET does not promise yet, so no method that touches one, or a
/// class with one in it, is compiled ahead of time: a published program would run its sums without optimisation until they are compiled anew.
/// </remarks>
/// <param name="Low">The lower 64 bits.</param>
/// <param name="High">The upper 64 bits, with the sign.</param>
public readonly record struct WideInteger(ulong Low, long High)
{
    public static WideInteger Zero => default;

    public static implicit operator WideInteger(long value) => new((ulong)value, value >> 63);

    public static explicit operator WideInteger(Int128 value) => new((ulong)value, (long)(value >> 64));

    public static implicit operator Int128(WideInteger value) => new((ulong)value.High, value.Low);

    /// <summary>The nearest double.</summary>
    public static explicit operator double(WideInteger value) =>
        value.High == (long)value.Low >> 63 ? (long)value.Low : LargeToDouble(value.Low, value.High);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideInteger operator +(WideInteger left, WideInteger right)
    {
        var low = left.Low + right.Low;
        return new(low, left.High + right.High + (low < left.Low ? 1 : 0));
    }

    public static WideInteger operator -(WideInteger value) => new(0 - value.Low, ~value.High + (value.Low == 0 ? 1 : 0));

    public static WideInteger operator -(WideInteger left, WideInteger right) => left + -right;

    /// <summary>The magnitude of a number above −2¹²⁷.</summary>
    public static WideInteger Abs(WideInteger value) => value.High < 0 ? -value : value;

    /// <summary>A whole double of any size; the nearest there is where it is beyond 128 bits.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static WideInteger OfLarge(double value) => (WideInteger)(Int128)value;

    [MethodImpl(MethodImplOptions.NoInlining)]
    static double LargeToDouble(ulong low, long high) => (double)new Int128((ulong)high, low);
}
