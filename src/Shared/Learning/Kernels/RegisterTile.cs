using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace DistTrain.Learning.Kernels;

/// <summary>What one load of eight numbers is good for: a multiply-add for each of up to four classes, in registers.</summary>
static class RegisterTile
{
    /// <summary>sum += x · factor for each class, with one rounding.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void MultiplyAdd<TClasses>(
        Vector256<float> x,
        Vector256<float> a, Vector256<float> b, Vector256<float> c, Vector256<float> d,
        ref Vector256<float> sumA, ref Vector256<float> sumB, ref Vector256<float> sumC, ref Vector256<float> sumD)
        where TClasses : struct, ICount
    {
        sumA = Vector256.FusedMultiplyAdd(x, a, sumA);
        if (TClasses.Value > 1) sumB = Vector256.FusedMultiplyAdd(x, b, sumB);
        if (TClasses.Value > 2) sumC = Vector256.FusedMultiplyAdd(x, c, sumC);
        if (TClasses.Value > 3) sumD = Vector256.FusedMultiplyAdd(x, d, sumD);
    }

    /// <summary>Up to four vectors, one after the other; zeros for the others.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Load<TVectors>(
        float* numbers, out Vector256<float> v0, out Vector256<float> v1, out Vector256<float> v2, out Vector256<float> v3)
        where TVectors : struct, ICount
    {
        v0 = Vector256.Load(numbers);
        v1 = TVectors.Value > 1 ? Vector256.Load(numbers + 8) : default;
        v2 = TVectors.Value > 2 ? Vector256.Load(numbers + 16) : default;
        v3 = TVectors.Value > 3 ? Vector256.Load(numbers + 24) : default;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Store<TVectors>(
        float* numbers, Vector256<float> v0, Vector256<float> v1, Vector256<float> v2, Vector256<float> v3)
        where TVectors : struct, ICount
    {
        v0.Store(numbers);
        if (TVectors.Value > 1) v1.Store(numbers + 8);
        if (TVectors.Value > 2) v2.Store(numbers + 16);
        if (TVectors.Value > 3) v3.Store(numbers + 24);
    }
}
