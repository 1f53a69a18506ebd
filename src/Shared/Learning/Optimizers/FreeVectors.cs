using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using DistTrain.Numerics;

namespace DistTrain.Learning.Optimizers;

/// <summary>
/// <see cref="Vectors"/> where some coordinates do not move: those that are not free become 0, or count nowhere. Where all are free, the
/// operations and their order are the same.
/// </summary>
static class FreeVectors
{
    static readonly int Lanes = Vector256<double>.Count;

    /// <summary>y += factor · x, 0 where it is not free, and then Σ yᵢzᵢ.</summary>
    [MethodImpl(Compilation.Full)]
    public static double AddScaledAndDot(
        ReadOnlySpan<float> x, double factor, Span<double> y, ReadOnlySpan<float> z, ReadOnlySpan<bool> free)
    {
        Vector256<double> s0 = default, s1 = default, s2 = default, s3 = default;
        var factors = Vector256.Create(factor);
        var i = 0;
        for (; i <= y.Length - 4 * Lanes; i += 4 * Lanes)
        {
            s0 = Vector256.FusedMultiplyAdd(Wide(z, i), Added(x, factors, y, free, i), s0);
            s1 = Vector256.FusedMultiplyAdd(Wide(z, i + Lanes), Added(x, factors, y, free, i + Lanes), s1);
            s2 = Vector256.FusedMultiplyAdd(Wide(z, i + 2 * Lanes), Added(x, factors, y, free, i + 2 * Lanes), s2);
            s3 = Vector256.FusedMultiplyAdd(Wide(z, i + 3 * Lanes), Added(x, factors, y, free, i + 3 * Lanes), s3);
        }
        var sum = Sum(s0 + s1 + (s2 + s3));
        for (; i < y.Length; i++)
        {
            y[i] = free[i] ? Math.FusedMultiplyAdd(factor, x[i], y[i]) : 0;
            sum += z[i] * y[i];
        }
        return sum;
    }

    /// <summary>y = factor · x, 0 where it is not free; the two may be the same memory.</summary>
    [MethodImpl(Compilation.Full)]
    public static void Scale(ReadOnlySpan<double> x, double factor, Span<double> y, ReadOnlySpan<bool> free)
    {
        var i = 0;
        for (; i <= y.Length - Lanes; i += Lanes) (At(x, i) * factor & Mask(free, i)).CopyTo(y[i..]);
        for (; i < y.Length; i++) y[i] = free[i] ? x[i] * factor : 0;
    }

    /// <summary>Σ aᵢbᵢ and Σ |aᵢbᵢ| over the free coordinates.</summary>
    [MethodImpl(Compilation.Full)]
    public static (double Product, double Size) DotAndSize(ReadOnlySpan<float> a, ReadOnlySpan<float> b, ReadOnlySpan<bool> free)
    {
        Vector256<double> products = default, sizes = default;
        var i = 0;
        for (; i <= a.Length - Lanes; i += Lanes)
        {
            var part = Wide(a, i) * Wide(b, i) & Mask(free, i);
            products += part;
            sizes += Vector256.Abs(part);
        }
        var (product, size) = (Sum(products), Sum(sizes));
        for (; i < a.Length; i++)
        {
            if (!free[i]) continue;
            var part = (double)a[i] * b[i];
            product += part;
            size += Math.Abs(part);
        }
        return (product, size);
    }

    /// <summary>All bits set where a coordinate is free.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<double> Mask(ReadOnlySpan<bool> free, int i)
    {
        var four = Unsafe.ReadUnaligned<uint>(ref Unsafe.As<bool, byte>(ref Unsafe.Add(ref MemoryMarshal.GetReference(free), i)));
        var ones = Vector128.WidenLower(Vector128.WidenLower(Vector128.CreateScalarUnsafe(four).AsByte()));
        return Vector256.GreaterThan(Vector256.WidenLower(ones.ToVector256Unsafe()).AsInt64(), Vector256<long>.Zero).AsDouble();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<double> At(ReadOnlySpan<double> x, int i) =>
        Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(x), (nuint)i);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<double> Wide(ReadOnlySpan<float> x, int i) =>
        Vector256.WidenLower(Vector128.LoadUnsafe(ref MemoryMarshal.GetReference(x), (nuint)i).ToVector256Unsafe());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<double> Added(ReadOnlySpan<float> x, Vector256<double> factors, Span<double> y, ReadOnlySpan<bool> free, int i)
    {
        var sum = Vector256.FusedMultiplyAdd(factors, Wide(x, i), At(y, i)) & Mask(free, i);
        sum.StoreUnsafe(ref MemoryMarshal.GetReference(y), (nuint)i);
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static double Sum(Vector256<double> v) => v.GetElement(0) + v.GetElement(1) + (v.GetElement(2) + v.GetElement(3));
}
