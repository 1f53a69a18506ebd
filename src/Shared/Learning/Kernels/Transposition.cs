using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace DistTrain.Learning.Kernels;

/// <summary>
/// Moves of numbers between lanes, and the sum across lanes. x86 has instructions for them; elsewhere plain code does the same moves
/// and additions, so the bits are the same.
/// </summary>
static unsafe class Transposition
{
    /// <summary>
    /// The sums over the lanes of four vectors: each is ((l0+l1) + (l2+l3)) + ((l4+l5) + (l6+l7)).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> SumsAcross(Vector256<float> a, Vector256<float> b, Vector256<float> c, Vector256<float> d)
    {
        if (!Avx.IsSupported) return Vector128.Create(SumAcross(a), SumAcross(b), SumAcross(c), SumAcross(d));

        var halves = Avx.HorizontalAdd(Avx.HorizontalAdd(a, b), Avx.HorizontalAdd(c, d));
        return halves.GetLower() + halves.GetUpper();
    }

    /// <summary>The same of eight vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> SumsAcross(
        Vector256<float> a, Vector256<float> b, Vector256<float> c, Vector256<float> d,
        Vector256<float> e, Vector256<float> f, Vector256<float> g, Vector256<float> h)
    {
        if (!Avx.IsSupported) return Vector256.Create(SumsAcross(a, b, c, d), SumsAcross(e, f, g, h));

        var first = Avx.HorizontalAdd(Avx.HorizontalAdd(a, b), Avx.HorizontalAdd(c, d));
        var second = Avx.HorizontalAdd(Avx.HorizontalAdd(e, f), Avx.HorizontalAdd(g, h));
        return Avx.Permute2x128(first, second, 0x20) + Avx.Permute2x128(first, second, 0x31);
    }

    /// <summary>The sum over the lanes of one vector, in the same order.</summary>
    public static float SumAcross(Vector256<float> a) => ((a[0] + a[1]) + (a[2] + a[3])) + ((a[4] + a[5]) + (a[6] + a[7]));

    /// <summary>Eight rows of four, <paramref name="rowStride"/> apart, become four vectors of eight.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Quads(float* rows, nint rowStride, float* classes, nint classStride)
    {
        if (!Avx.IsSupported)
        {
            CopyToClasses(rows, rowStride, classes, classStride, 4);
            return;
        }

        // Row i beside row i + 4: the four columns then come out of two transpositions of 4 × 4 side by side.
        var r0 = Vector256.Create(Vector128.Load(rows), Vector128.Load(rows + 4 * rowStride));
        var r1 = Vector256.Create(Vector128.Load(rows + rowStride), Vector128.Load(rows + 5 * rowStride));
        var r2 = Vector256.Create(Vector128.Load(rows + 2 * rowStride), Vector128.Load(rows + 6 * rowStride));
        var r3 = Vector256.Create(Vector128.Load(rows + 3 * rowStride), Vector128.Load(rows + 7 * rowStride));
        Transpose(ref r0, ref r1, ref r2, ref r3);
        r0.Store(classes);
        r1.Store(classes + classStride);
        r2.Store(classes + 2 * classStride);
        r3.Store(classes + 3 * classStride);
    }

    /// <summary>The way back.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ToQuads(float* classes, nint classStride, float* rows, nint rowStride)
    {
        if (!Avx.IsSupported)
        {
            CopyToRows(classes, classStride, rows, rowStride, 4);
            return;
        }

        var c0 = Vector256.Load(classes);
        var c1 = Vector256.Load(classes + classStride);
        var c2 = Vector256.Load(classes + 2 * classStride);
        var c3 = Vector256.Load(classes + 3 * classStride);
        Transpose(ref c0, ref c1, ref c2, ref c3);
        Put(c0, 0);
        Put(c1, 1);
        Put(c2, 2);
        Put(c3, 3);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        void Put(Vector256<float> both, nint row)
        {
            both.GetLower().Store(rows + row * rowStride);
            both.GetUpper().Store(rows + (row + 4) * rowStride);
        }
    }

    /// <summary>Eight rows of <paramref name="width"/>, a multiple of eight, one after the other, become as many vectors of eight.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Eights(float* rows, int width, float* classes, nint classStride)
    {
        for (nint lane = 0; lane < width; lane += 4) Quads(rows + lane, width, classes + lane * classStride, classStride);
    }

    /// <summary>The way back.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ToEights(float* classes, nint classStride, float* rows, int width)
    {
        for (nint lane = 0; lane < width; lane += 4) ToQuads(classes + lane * classStride, classStride, rows + lane, width);
    }

    /// <summary>Eight rows of two, one after the other, become two vectors of eight.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Pairs(float* rows, float* classes, nint classStride)
    {
        var order = Vector256.Create(0, 2, 4, 6, 1, 3, 5, 7);
        var first = Vector256.Shuffle(Vector256.Load(rows), order);
        var second = Vector256.Shuffle(Vector256.Load(rows + 8), order);
        Vector256.Create(first.GetLower(), second.GetLower()).Store(classes);
        Vector256.Create(first.GetUpper(), second.GetUpper()).Store(classes + classStride);
    }

    /// <summary>The way back.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ToPairs(float* classes, nint classStride, float* rows)
    {
        var order = Vector256.Create(0, 4, 1, 5, 2, 6, 3, 7);
        var (first, second) = (Vector256.Load(classes), Vector256.Load(classes + classStride));
        Vector256.Shuffle(Vector256.Create(first.GetLower(), second.GetLower()), order).Store(rows);
        Vector256.Shuffle(Vector256.Create(first.GetUpper(), second.GetUpper()), order).Store(rows + 8);
    }

    /// <summary>The plain form of the moves to classes, where there are no instructions for them.</summary>
    internal static void CopyToClasses(float* rows, nint rowStride, float* classes, nint classStride, int count)
    {
        for (var row = 0; row < 8; row++)
        {
            for (var c = 0; c < count; c++) classes[c * classStride + row] = rows[row * rowStride + c];
        }
    }

    /// <summary>The plain form of the moves to rows.</summary>
    internal static void CopyToRows(float* classes, nint classStride, float* rows, nint rowStride, int count)
    {
        for (var row = 0; row < 8; row++)
        {
            for (var c = 0; c < count; c++) rows[row * rowStride + c] = classes[c * classStride + row];
        }
    }

    /// <summary>Transposes the lower and the upper halves, 4 × 4 each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Transpose(ref Vector256<float> a, ref Vector256<float> b, ref Vector256<float> c, ref Vector256<float> d)
    {
        var abLow = Avx.UnpackLow(a, b);
        var abHigh = Avx.UnpackHigh(a, b);
        var cdLow = Avx.UnpackLow(c, d);
        var cdHigh = Avx.UnpackHigh(c, d);
        a = Avx.Shuffle(abLow, cdLow, 0b01_00_01_00);
        b = Avx.Shuffle(abLow, cdLow, 0b11_10_11_10);
        c = Avx.Shuffle(abHigh, cdHigh, 0b01_00_01_00);
        d = Avx.Shuffle(abHigh, cdHigh, 0b11_10_11_10);
    }
}
