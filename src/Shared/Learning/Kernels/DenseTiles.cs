using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using DistTrain.Numerics;

namespace DistTrain.Learning.Kernels;

/// <summary>
/// The two passes over the dense columns of one step of 32 rows. Registers hold a tile of four rows, one from each quarter of the
/// block, by one or two classes: four sequential streams read memory faster than one.
/// </summary>
/// <remarks>
/// Row j (0 … 7) of quarter q lies <c>q · quarterBytes</c> and j rows after <c>first</c>; tile j is row j of all quarters. Class-major
/// numbers of the step, <c>[classes][32]</c>, hold row j of quarter q at [8q + j]. Strides are multiples of eight.
/// </remarks>
static unsafe class DenseTiles<TValues>
    where TValues : struct, IDenseValues
{
    const int StepRows = BlockRows.StepRows;
    const int TileCount = 8;

    /// <summary>Rows so short that weights and gradient of two classes stay in registers over a whole step.</summary>
    public const int NarrowStride = 16;

    const int LineBytes = 64;

    /// <summary>logits[c][row] = x_row · v_c, added lane by lane along the row and then across lanes.</summary>
    /// <param name="weights">v, [classes][stride].</param>
    /// <param name="logits">Destination, [classes][32].</param>
    public static void Logits(byte* first, nint quarterBytes, nint stride, float* weights, int classCount, float* logits)
    {
        var c = 0;
        for (; c + 2 <= classCount; c += 2)
        {
            if (stride == NarrowStride) NarrowLogitsOfTwo(first, quarterBytes, weights + c * stride, logits + c * StepRows);
            else LogitsOfTwo(first, quarterBytes, stride, weights + c * stride, logits + c * StepRows);
        }
        if (c < classCount)
            LogitsOfOne(first, quarterBytes, stride, weights + c * stride, logits + c * StepRows);
    }

    /// <summary>gradient[c][d] += Σ residual[c][row] · x_row[d], tile by tile, in each tile quarter by quarter.</summary>
    /// <param name="residuals">[classes][32].</param>
    /// <param name="gradient">[classes][stride].</param>
    public static void AddGradient(byte* first, nint quarterBytes, nint stride, float* residuals, int classCount, float* gradient)
    {
        if (classCount == 2 && stride == NarrowStride)
        {
            AddNarrowGradientOfTwo(first, quarterBytes, residuals, gradient);
            return;
        }

        var c = 0;
        for (; c + 2 <= classCount; c += 2)
            AddGradientOfTwo(first, quarterBytes, stride, residuals + c * StepRows, gradient + c * stride);
        if (c < classCount)
            AddGradientOfOne(first, quarterBytes, stride, residuals + c * StepRows, gradient + c * stride);
    }

    /// <summary>
    /// The same additions as <see cref="LogitsOfTwo"/>, for rows of <see cref="NarrowStride"/>: weights stay in registers, and eight rows of
    /// a quarter give one vector of logits, in its place.
    /// </summary>
    [MethodImpl(Compilation.Full)]
    internal static void NarrowLogitsOfTwo(byte* first, nint quarterBytes, float* v0, float* logits)
    {
        var v1 = v0 + NarrowStride;
        var (aLow, aHigh) = (Vector256.Load(v0), Vector256.Load(v0 + 8));
        var (bLow, bHigh) = (Vector256.Load(v1), Vector256.Load(v1 + 8));
        for (var quarter = 0; quarter < 4; quarter++, first += quarterBytes, logits += 8)
        {
            NarrowLogits(first, aLow, aHigh).Store(logits);
            NarrowLogits(first, bLow, bHigh).Store(logits + StepRows);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<float> NarrowLogits(byte* rows, Vector256<float> low, Vector256<float> high) => Transposition.SumsAcross(
        NarrowProducts(rows, 0, low, high), NarrowProducts(rows, 1, low, high),
        NarrowProducts(rows, 2, low, high), NarrowProducts(rows, 3, low, high),
        NarrowProducts(rows, 4, low, high), NarrowProducts(rows, 5, low, high),
        NarrowProducts(rows, 6, low, high), NarrowProducts(rows, 7, low, high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<float> NarrowProducts(byte* rows, nint row, Vector256<float> low, Vector256<float> high) => Vector256.FusedMultiplyAdd(
        TValues.Load(rows, row * NarrowStride + 8), high, TValues.Load(rows, row * NarrowStride) * low);

    [MethodImpl(Compilation.Full)]
    internal static void LogitsOfTwo(byte* first, nint quarterBytes, nint stride, float* v0, float* logits)
    {
        var tiles = stackalloc float[2 * TileCount * 4];
        var v1 = v0 + stride;
        for (var tile = 0; tile < TileCount; tile++)
        {
            byte* x0 = first + tile * stride * TValues.ValueBytes, x1 = x0 + quarterBytes, x2 = x1 + quarterBytes, x3 = x2 + quarterBytes;
            Vector256<float> a0 = default, a1 = default, a2 = default, a3 = default;
            Vector256<float> b0 = default, b1 = default, b2 = default, b3 = default;
            for (nint d = 0; d < stride; d += 8)
            {
                var (va, vb) = (Vector256.Load(v0 + d), Vector256.Load(v1 + d));
                var x = TValues.Load(x0, d);
                a0 = Vector256.FusedMultiplyAdd(x, va, a0);
                b0 = Vector256.FusedMultiplyAdd(x, vb, b0);
                x = TValues.Load(x1, d);
                a1 = Vector256.FusedMultiplyAdd(x, va, a1);
                b1 = Vector256.FusedMultiplyAdd(x, vb, b1);
                x = TValues.Load(x2, d);
                a2 = Vector256.FusedMultiplyAdd(x, va, a2);
                b2 = Vector256.FusedMultiplyAdd(x, vb, b2);
                x = TValues.Load(x3, d);
                a3 = Vector256.FusedMultiplyAdd(x, va, a3);
                b3 = Vector256.FusedMultiplyAdd(x, vb, b3);
            }
            Transposition.SumsAcross(a0, a1, a2, a3).Store(tiles + 4 * tile);
            Transposition.SumsAcross(b0, b1, b2, b3).Store(tiles + 4 * (TileCount + tile));
        }
        Transposition.Quads(tiles, 4, logits, 8);
        Transposition.Quads(tiles + 4 * TileCount, 4, logits + StepRows, 8);
    }

    [MethodImpl(Compilation.Full)]
    static void LogitsOfOne(byte* first, nint quarterBytes, nint stride, float* v0, float* logits)
    {
        var tiles = stackalloc float[TileCount * 4];
        for (var tile = 0; tile < TileCount; tile++)
        {
            byte* x0 = first + tile * stride * TValues.ValueBytes, x1 = x0 + quarterBytes, x2 = x1 + quarterBytes, x3 = x2 + quarterBytes;
            Vector256<float> a0 = default, a1 = default, a2 = default, a3 = default;
            for (nint d = 0; d < stride; d += 8)
            {
                var v = Vector256.Load(v0 + d);
                a0 = Vector256.FusedMultiplyAdd(TValues.Load(x0, d), v, a0);
                a1 = Vector256.FusedMultiplyAdd(TValues.Load(x1, d), v, a1);
                a2 = Vector256.FusedMultiplyAdd(TValues.Load(x2, d), v, a2);
                a3 = Vector256.FusedMultiplyAdd(TValues.Load(x3, d), v, a3);
            }
            Transposition.SumsAcross(a0, a1, a2, a3).Store(tiles + 4 * tile);
        }
        Transposition.Quads(tiles, 4, logits, 8);
    }

    /// <summary>The same additions in the same order as <see cref="AddGradientOfTwo"/>, for rows of <see cref="NarrowStride"/>.</summary>
    [MethodImpl(Compilation.Full)]
    internal static void AddNarrowGradientOfTwo(byte* first, nint quarterBytes, float* residuals, float* g0)
    {
        var g1 = g0 + NarrowStride;
        var (aLow, aHigh) = (Vector256.Load(g0), Vector256.Load(g0 + 8));
        var (bLow, bHigh) = (Vector256.Load(g1), Vector256.Load(g1 + 8));
        for (var tile = 0; tile < TileCount; tile++)
        {
            for (var quarter = 0; quarter < 4; quarter++)
            {
                var row = first + quarter * quarterBytes + tile * NarrowStride * TValues.ValueBytes;
                if (Sse.IsSupported) Sse.Prefetch0(row + 8 * NarrowStride * TValues.ValueBytes);
                var (low, high) = (TValues.Load(row, 0), TValues.Load(row, 8));
                var a = Vector256.Create(residuals[8 * quarter + tile]);
                var b = Vector256.Create(residuals[StepRows + 8 * quarter + tile]);
                aLow = Vector256.FusedMultiplyAdd(low, a, aLow);
                aHigh = Vector256.FusedMultiplyAdd(high, a, aHigh);
                bLow = Vector256.FusedMultiplyAdd(low, b, bLow);
                bHigh = Vector256.FusedMultiplyAdd(high, b, bHigh);
            }
        }
        aLow.Store(g0);
        aHigh.Store(g0 + 8);
        bLow.Store(g1);
        bHigh.Store(g1 + 8);
    }

    [MethodImpl(Compilation.Full)]
    internal static void AddGradientOfTwo(byte* first, nint quarterBytes, nint stride, float* residuals, float* g0)
    {
        var g1 = g0 + stride;
        for (var tile = 0; tile < TileCount; tile++)
        {
            byte* x0 = first + tile * stride * TValues.ValueBytes, x1 = x0 + quarterBytes, x2 = x1 + quarterBytes, x3 = x2 + quarterBytes;
            var r = residuals + tile;
            var (a0, a1) = (Vector256.Create(r[0]), Vector256.Create(r[8]));
            var (a2, a3) = (Vector256.Create(r[16]), Vector256.Create(r[24]));
            r += StepRows;
            var (b0, b1) = (Vector256.Create(r[0]), Vector256.Create(r[8]));
            var (b2, b3) = (Vector256.Create(r[16]), Vector256.Create(r[24]));
            for (nint d = 0; d < stride; d += 8)
            {
                if (d % (LineBytes / TValues.ValueBytes) == 0)
                {
                    var ahead = (d + 8 * stride) * TValues.ValueBytes;
                    Fetch(x0 + ahead, x1 + ahead, x2 + ahead, x3 + ahead);
                }
                var (ga, gb) = (Vector256.Load(g0 + d), Vector256.Load(g1 + d));
                var x = TValues.Load(x0, d);
                ga = Vector256.FusedMultiplyAdd(x, a0, ga);
                gb = Vector256.FusedMultiplyAdd(x, b0, gb);
                x = TValues.Load(x1, d);
                ga = Vector256.FusedMultiplyAdd(x, a1, ga);
                gb = Vector256.FusedMultiplyAdd(x, b1, gb);
                x = TValues.Load(x2, d);
                ga = Vector256.FusedMultiplyAdd(x, a2, ga);
                gb = Vector256.FusedMultiplyAdd(x, b2, gb);
                x = TValues.Load(x3, d);
                Vector256.FusedMultiplyAdd(x, a3, ga).Store(g0 + d);
                Vector256.FusedMultiplyAdd(x, b3, gb).Store(g1 + d);
            }
        }
    }

    [MethodImpl(Compilation.Full)]
    static void AddGradientOfOne(byte* first, nint quarterBytes, nint stride, float* residuals, float* g0)
    {
        for (var tile = 0; tile < TileCount; tile++)
        {
            byte* x0 = first + tile * stride * TValues.ValueBytes, x1 = x0 + quarterBytes, x2 = x1 + quarterBytes, x3 = x2 + quarterBytes;
            var r = residuals + tile;
            var (a0, a1) = (Vector256.Create(r[0]), Vector256.Create(r[8]));
            var (a2, a3) = (Vector256.Create(r[16]), Vector256.Create(r[24]));
            for (nint d = 0; d < stride; d += 8)
            {
                var g = Vector256.FusedMultiplyAdd(TValues.Load(x0, d), a0, Vector256.Load(g0 + d));
                g = Vector256.FusedMultiplyAdd(TValues.Load(x1, d), a1, g);
                g = Vector256.FusedMultiplyAdd(TValues.Load(x2, d), a2, g);
                Vector256.FusedMultiplyAdd(TValues.Load(x3, d), a3, g).Store(g0 + d);
            }
        }
    }

    /// <summary>
    /// Asks for the same places of the tile's rows in the next step, while this step is computed from the cache. Saves time only. Into the
    /// second cache: in the first, two steps' rows would push each other out.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Fetch(byte* x0, byte* x1, byte* x2, byte* x3)
    {
        if (!Sse.IsSupported) return;
        Sse.Prefetch1(x0);
        Sse.Prefetch1(x1);
        Sse.Prefetch1(x2);
        Sse.Prefetch1(x3);
    }
}
