using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using DistTrain.Numerics;

namespace DistTrain.Learning.Optimizers;

/// <summary>
/// The arithmetic of short vectors, or of one piece of long ones, in one fixed order of operations. Vectors of a call are of equal length.
/// </summary>
static class Vectors
{
    static readonly int Lanes = Vector256<double>.Count;

    /// <summary>Σ aᵢbᵢ in sixteen interleaved sums: shorter chains of additions are faster and err less.</summary>
    [MethodImpl(Compilation.Full)]
    public static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        Vector256<double> s0 = default, s1 = default, s2 = default, s3 = default;
        var i = 0;
        for (; i <= a.Length - 4 * Lanes; i += 4 * Lanes)
        {
            s0 = Vector256.FusedMultiplyAdd(At(a, i), At(b, i), s0);
            s1 = Vector256.FusedMultiplyAdd(At(a, i + Lanes), At(b, i + Lanes), s1);
            s2 = Vector256.FusedMultiplyAdd(At(a, i + 2 * Lanes), At(b, i + 2 * Lanes), s2);
            s3 = Vector256.FusedMultiplyAdd(At(a, i + 3 * Lanes), At(b, i + 3 * Lanes), s3);
        }
        var sum = Sum(s0 + s1 + (s2 + s3));
        for (; i < a.Length; i++) sum += a[i] * b[i];
        return sum;
    }

    /// <summary>The same, one of the two in float32.</summary>
    [MethodImpl(Compilation.Full)]
    public static double Dot(ReadOnlySpan<float> a, ReadOnlySpan<double> b)
    {
        Vector256<double> s0 = default, s1 = default, s2 = default, s3 = default;
        var i = 0;
        for (; i <= a.Length - 4 * Lanes; i += 4 * Lanes)
        {
            s0 = Vector256.FusedMultiplyAdd(Wide(a, i), At(b, i), s0);
            s1 = Vector256.FusedMultiplyAdd(Wide(a, i + Lanes), At(b, i + Lanes), s1);
            s2 = Vector256.FusedMultiplyAdd(Wide(a, i + 2 * Lanes), At(b, i + 2 * Lanes), s2);
            s3 = Vector256.FusedMultiplyAdd(Wide(a, i + 3 * Lanes), At(b, i + 3 * Lanes), s3);
        }
        var sum = Sum(s0 + s1 + (s2 + s3));
        for (; i < a.Length; i++) sum += a[i] * b[i];
        return sum;
    }

    /// <summary>Σ aᵢ(bᵢ − cᵢ).</summary>
    [MethodImpl(Compilation.Full)]
    public static double DotDifference(ReadOnlySpan<double> a, ReadOnlySpan<double> b, ReadOnlySpan<double> c)
    {
        Vector256<double> even = default, odd = default;
        var i = 0;
        for (; i <= a.Length - 2 * Lanes; i += 2 * Lanes)
        {
            even = Vector256.FusedMultiplyAdd(At(a, i), At(b, i) - At(c, i), even);
            odd = Vector256.FusedMultiplyAdd(At(a, i + Lanes), At(b, i + Lanes) - At(c, i + Lanes), odd);
        }
        var sum = Sum(even + odd);
        for (; i < a.Length; i++) sum += a[i] * (b[i] - c[i]);
        return sum;
    }

    /// <summary>y += factor · x.</summary>
    [MethodImpl(Compilation.Full)]
    public static void AddScaled(ReadOnlySpan<float> x, double factor, Span<double> y)
    {
        var factors = Vector256.Create(factor);
        var i = 0;
        for (; i <= y.Length - Lanes; i += Lanes) Vector256.FusedMultiplyAdd(factors, Wide(x, i), At(y, i)).CopyTo(y[i..]);
        for (; i < y.Length; i++) y[i] = Math.FusedMultiplyAdd(factor, x[i], y[i]);
    }

    /// <summary>y += factor · x, and then Σ yᵢzᵢ, to the bit as one after the other, on one way through the memory.</summary>
    [MethodImpl(Compilation.Full)]
    public static double AddScaledAndDot(ReadOnlySpan<float> x, double factor, Span<double> y, ReadOnlySpan<float> z)
    {
        Vector256<double> s0 = default, s1 = default, s2 = default, s3 = default;
        var factors = Vector256.Create(factor);
        var i = 0;
        for (; i <= y.Length - 4 * Lanes; i += 4 * Lanes)
        {
            s0 = Vector256.FusedMultiplyAdd(Wide(z, i), Added(x, factors, y, i), s0);
            s1 = Vector256.FusedMultiplyAdd(Wide(z, i + Lanes), Added(x, factors, y, i + Lanes), s1);
            s2 = Vector256.FusedMultiplyAdd(Wide(z, i + 2 * Lanes), Added(x, factors, y, i + 2 * Lanes), s2);
            s3 = Vector256.FusedMultiplyAdd(Wide(z, i + 3 * Lanes), Added(x, factors, y, i + 3 * Lanes), s3);
        }
        AddScaled(x[i..], factor, y[i..]);
        var sum = Sum(s0 + s1 + (s2 + s3));
        for (; i < y.Length; i++) sum += z[i] * y[i];
        return sum;
    }

    /// <summary>y = factor · x; the two may be the same memory.</summary>
    [MethodImpl(Compilation.Full)]
    public static void Scale(ReadOnlySpan<double> x, double factor, Span<double> y)
    {
        var i = 0;
        for (; i <= y.Length - Lanes; i += Lanes) (At(x, i) * factor).CopyTo(y[i..]);
        for (; i < y.Length; i++) y[i] = x[i] * factor;
    }

    /// <summary>result = a − b, rounded to float32.</summary>
    [MethodImpl(Compilation.Full)]
    public static void SubtractNarrow(ReadOnlySpan<double> a, ReadOnlySpan<double> b, Span<float> result)
    {
        var i = 0;
        for (; i <= result.Length - 2 * Lanes; i += 2 * Lanes)
            Vector256.Narrow(At(a, i) - At(b, i), At(a, i + Lanes) - At(b, i + Lanes)).CopyTo(result[i..]);
        for (; i < result.Length; i++) result[i] = (float)(a[i] - b[i]);
    }

    /// <summary>Σ aᵢbᵢ and Σ |aᵢbᵢ|.</summary>
    [MethodImpl(Compilation.Full)]
    public static (double Product, double Size) DotAndSize(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        Vector256<double> products = default, sizes = default;
        var i = 0;
        for (; i <= a.Length - Lanes; i += Lanes)
        {
            var part = Wide(a, i) * Wide(b, i);
            products += part;
            sizes += Vector256.Abs(part);
        }
        var (product, size) = (Sum(products), Sum(sizes));
        for (; i < a.Length; i++)
        {
            var part = (double)a[i] * b[i];
            product += part;
            size += Math.Abs(part);
        }
        return (product, size);
    }

    /// <summary>result = point + length · direction, each number rounded to float32.</summary>
    [MethodImpl(Compilation.Full)]
    public static void RoundedSum(ReadOnlySpan<double> point, double length, ReadOnlySpan<double> direction, Span<double> result)
    {
        var i = 0;
        for (; i <= result.Length - 2 * Lanes; i += 2 * Lanes)
        {
            var rounded = Vector256.Narrow(
                At(point, i) + length * At(direction, i), At(point, i + Lanes) + length * At(direction, i + Lanes));
            Vector256.WidenLower(rounded).CopyTo(result[i..]);
            Vector256.WidenUpper(rounded).CopyTo(result[(i + Lanes)..]);
        }
        for (; i < result.Length; i++) result[i] = (float)(point[i] + length * direction[i]);
    }

    /// <summary>Each number rounded to float32.</summary>
    public static double[] Rounded(ReadOnlySpan<double> point)
    {
        var result = new double[point.Length];
        for (var i = 0; i < result.Length; i++) result[i] = (float)point[i];
        return result;
    }

    /// <summary>max |gᵢ|; NaN where a gᵢ is.</summary>
    [MethodImpl(Compilation.Full)]
    public static double MaxAbsolute(ReadOnlySpan<double> gradient)
    {
        Vector256<double> lanes = default;
        var i = 0;
        for (; i <= gradient.Length - Lanes; i += Lanes) lanes = Vector256.Max(lanes, Vector256.Abs(At(gradient, i)));
        var max = Math.Max(Math.Max(lanes[0], lanes[1]), Math.Max(lanes[2], lanes[3]));
        for (; i < gradient.Length; i++) max = Math.Max(max, Math.Abs(gradient[i]));
        return max;
    }

    /// <summary>max |gᵢ| / yardstickᵢ; NaN where a gᵢ is.</summary>
    [MethodImpl(Compilation.Full)]
    public static double MaxRatio(ReadOnlySpan<double> gradient, ReadOnlySpan<double> yardstick)
    {
        Vector256<double> lanes = default;
        var i = 0;
        for (; i <= gradient.Length - Lanes; i += Lanes)
            lanes = Vector256.Max(lanes, Vector256.Abs(At(gradient, i)) / At(yardstick, i));
        var max = Math.Max(Math.Max(lanes[0], lanes[1]), Math.Max(lanes[2], lanes[3]));
        for (; i < gradient.Length; i++) max = Math.Max(max, Math.Abs(gradient[i]) / yardstick[i]);
        return max;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<double> At(ReadOnlySpan<double> x, int i) =>
        Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(x), (nuint)i);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<double> Wide(ReadOnlySpan<float> x, int i) =>
        Vector256.WidenLower(Vector128.LoadUnsafe(ref MemoryMarshal.GetReference(x), (nuint)i).ToVector256Unsafe());

    /// <summary>y += factor · x at four places; gives the new y.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<double> Added(ReadOnlySpan<float> x, Vector256<double> factors, Span<double> y, int i)
    {
        var sum = Vector256.FusedMultiplyAdd(factors, Wide(x, i), At(y, i));
        sum.StoreUnsafe(ref MemoryMarshal.GetReference(y), (nuint)i);
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static double Sum(Vector256<double> v) => v.GetElement(0) + v.GetElement(1) + (v.GetElement(2) + v.GetElement(3));
}
