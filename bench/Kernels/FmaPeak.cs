using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace DistTrain.Bench.Kernels;

/// <summary>What the processor can multiply and add: twelve chains of fused multiply-adds in registers, on two threads.</summary>
static class FmaPeak
{
    const int ChainCount = 12;
    const int Rounds = 2_000_000;

    /// <summary>Floating-point operations of one run.</summary>
    public const double Operations = 2.0 * 8 * ChainCount * Rounds * TwoThreads.Count;

    static readonly float[] Results = new float[TwoThreads.Count];

    public static void Run() => TwoThreads.Run(thread => Results[thread] = Chains());

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static float Chains()
    {
        var (factor, addend) = (Vector256.Create(0.999f), Vector256.Create(0.001f));
        Vector256<float> a = addend, b = addend, c = addend, d = addend, e = addend, f = addend;
        Vector256<float> g = addend, h = addend, i = addend, j = addend, k = addend, l = addend;
        for (var round = 0; round < Rounds; round++)
        {
            a = Vector256.FusedMultiplyAdd(a, factor, addend);
            b = Vector256.FusedMultiplyAdd(b, factor, addend);
            c = Vector256.FusedMultiplyAdd(c, factor, addend);
            d = Vector256.FusedMultiplyAdd(d, factor, addend);
            e = Vector256.FusedMultiplyAdd(e, factor, addend);
            f = Vector256.FusedMultiplyAdd(f, factor, addend);
            g = Vector256.FusedMultiplyAdd(g, factor, addend);
            h = Vector256.FusedMultiplyAdd(h, factor, addend);
            i = Vector256.FusedMultiplyAdd(i, factor, addend);
            j = Vector256.FusedMultiplyAdd(j, factor, addend);
            k = Vector256.FusedMultiplyAdd(k, factor, addend);
            l = Vector256.FusedMultiplyAdd(l, factor, addend);
        }
        return (((a + b) + (c + d)) + ((e + f) + (g + h)) + ((i + j) + (k + l)))[0];
    }
}
