using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace DistTrain.Learning.Kernels;

unsafe interface IDenseForm
{
    static abstract int ValueBytes { get; }

    static abstract Vector256<float> Load(byte* row, nint first);
}

readonly unsafe struct Float32Form : IDenseForm
{
    public static int ValueBytes => sizeof(float);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Load(byte* row, nint first) => Vector256.Load((float*)row + first);
}

readonly unsafe struct Bfloat16Form : IDenseForm
{
    public static int ValueBytes => sizeof(ushort);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Load(byte* row, nint first) =>
        (System.Runtime.Intrinsics.X86.Avx2.ConvertToVector256Int32((ushort*)row + first) << 16).AsSingle();
}

readonly unsafe struct Int8Form : IDenseForm
{
    public static int ValueBytes => sizeof(sbyte);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Load(byte* row, nint first) =>
        Vector256.ConvertToSingle(System.Runtime.Intrinsics.X86.Avx2.ConvertToVector256Int32((sbyte*)row + first));
}

public static unsafe class PairTiles
{
    const int TileCount = 8, StepRows = 32;
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void LogitsOfTwo(byte** rows, nint stride, float* v0, float* logits)
    {
        var tiles = stackalloc float[2 * TileCount * 4];
        var v1 = v0 + stride;
        var mask = Vector256.Create(0xFFFF0000u);
        for (var tile = 0; tile < TileCount; tile++)
        {
            ushort* x0 = (ushort*)rows[4 * tile], x1 = (ushort*)rows[4 * tile + 1], x2 = (ushort*)rows[4 * tile + 2], x3 = (ushort*)rows[4 * tile + 3];
            Vector256<float> a0 = default, a1 = default, a2 = default, a3 = default;
            Vector256<float> b0 = default, b1 = default, b2 = default, b3 = default;
            for (nint d = 0; d < stride; d += 16)
            {
                var (va, vb) = (Vector256.Load(v0 + d), Vector256.Load(v1 + d));
                var (wa, wb) = (Vector256.Load(v0 + d + 8), Vector256.Load(v1 + d + 8));
                var p = Vector256.Load((uint*)(x0 + d));
                var (x, y) = ((p << 16).AsSingle(), (p & mask).AsSingle());
                a0 = Vector256.FusedMultiplyAdd(x, va, a0);
                b0 = Vector256.FusedMultiplyAdd(x, vb, b0);
                a0 = Vector256.FusedMultiplyAdd(y, wa, a0);
                b0 = Vector256.FusedMultiplyAdd(y, wb, b0);
                p = Vector256.Load((uint*)(x1 + d));
                (x, y) = ((p << 16).AsSingle(), (p & mask).AsSingle());
                a1 = Vector256.FusedMultiplyAdd(x, va, a1);
                b1 = Vector256.FusedMultiplyAdd(x, vb, b1);
                a1 = Vector256.FusedMultiplyAdd(y, wa, a1);
                b1 = Vector256.FusedMultiplyAdd(y, wb, b1);
                p = Vector256.Load((uint*)(x2 + d));
                (x, y) = ((p << 16).AsSingle(), (p & mask).AsSingle());
                a2 = Vector256.FusedMultiplyAdd(x, va, a2);
                b2 = Vector256.FusedMultiplyAdd(x, vb, b2);
                a2 = Vector256.FusedMultiplyAdd(y, wa, a2);
                b2 = Vector256.FusedMultiplyAdd(y, wb, b2);
                p = Vector256.Load((uint*)(x3 + d));
                (x, y) = ((p << 16).AsSingle(), (p & mask).AsSingle());
                a3 = Vector256.FusedMultiplyAdd(x, va, a3);
                b3 = Vector256.FusedMultiplyAdd(x, vb, b3);
                a3 = Vector256.FusedMultiplyAdd(y, wa, a3);
                b3 = Vector256.FusedMultiplyAdd(y, wb, b3);
            }
            Transposition.SumsAcross(a0, a1, a2, a3).Store(tiles + 4 * tile);
            Transposition.SumsAcross(b0, b1, b2, b3).Store(tiles + 4 * (TileCount + tile));
        }
        Transposition.Quads(tiles, 4, logits, 8);
        Transposition.Quads(tiles + 4 * TileCount, 4, logits + StepRows, 8);
    }
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddGradientOfTwo(byte** rows, nint stride, float* residuals, float* g0)
    {
        var g1 = g0 + stride;
        var mask = Vector256.Create(0xFFFF0000u);
        for (var tile = 0; tile < TileCount; tile++)
        {
            ushort* x0 = (ushort*)rows[4 * tile], x1 = (ushort*)rows[4 * tile + 1], x2 = (ushort*)rows[4 * tile + 2], x3 = (ushort*)rows[4 * tile + 3];
            var r = residuals + tile;
            var (a0, a1) = (Vector256.Create(r[0]), Vector256.Create(r[8]));
            var (a2, a3) = (Vector256.Create(r[16]), Vector256.Create(r[24]));
            r += StepRows;
            var (b0, b1) = (Vector256.Create(r[0]), Vector256.Create(r[8]));
            var (b2, b3) = (Vector256.Create(r[16]), Vector256.Create(r[24]));
            for (nint d = 0; d < stride; d += 16)
            {
                if (d % 32 == 0)
                {
                    System.Runtime.Intrinsics.X86.Sse.Prefetch0(x0 + d + 8 * stride);
                    System.Runtime.Intrinsics.X86.Sse.Prefetch0(x1 + d + 8 * stride);
                    System.Runtime.Intrinsics.X86.Sse.Prefetch0(x2 + d + 8 * stride);
                    System.Runtime.Intrinsics.X86.Sse.Prefetch0(x3 + d + 8 * stride);
                }
                var (ga, gb) = (Vector256.Load(g0 + d), Vector256.Load(g1 + d));
                var (ha, hb) = (Vector256.Load(g0 + d + 8), Vector256.Load(g1 + d + 8));
                var p = Vector256.Load((uint*)(x0 + d));
                var (x, y) = ((p << 16).AsSingle(), (p & mask).AsSingle());
                ga = Vector256.FusedMultiplyAdd(x, a0, ga);
                gb = Vector256.FusedMultiplyAdd(x, b0, gb);
                ha = Vector256.FusedMultiplyAdd(y, a0, ha);
                hb = Vector256.FusedMultiplyAdd(y, b0, hb);
                p = Vector256.Load((uint*)(x1 + d));
                (x, y) = ((p << 16).AsSingle(), (p & mask).AsSingle());
                ga = Vector256.FusedMultiplyAdd(x, a1, ga);
                gb = Vector256.FusedMultiplyAdd(x, b1, gb);
                ha = Vector256.FusedMultiplyAdd(y, a1, ha);
                hb = Vector256.FusedMultiplyAdd(y, b1, hb);
                p = Vector256.Load((uint*)(x2 + d));
                (x, y) = ((p << 16).AsSingle(), (p & mask).AsSingle());
                ga = Vector256.FusedMultiplyAdd(x, a2, ga);
                gb = Vector256.FusedMultiplyAdd(x, b2, gb);
                ha = Vector256.FusedMultiplyAdd(y, a2, ha);
                hb = Vector256.FusedMultiplyAdd(y, b2, hb);
                p = Vector256.Load((uint*)(x3 + d));
                (x, y) = ((p << 16).AsSingle(), (p & mask).AsSingle());
                Vector256.FusedMultiplyAdd(x, a3, ga).Store(g0 + d);
                Vector256.FusedMultiplyAdd(x, b3, gb).Store(g1 + d);
                Vector256.FusedMultiplyAdd(y, a3, ha).Store(g0 + d + 8);
                Vector256.FusedMultiplyAdd(y, b3, hb).Store(g1 + d + 8);
            }
        }
    }
}
