using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace DistTrain.Learning.Kernels;

/// <summary>Numbers of the K classes side by side in whole vectors of four doubles; what stands in the lanes beyond K means nothing.</summary>
static unsafe class DoubleLanes
{
    /// <summary>Lanes for so many classes.</summary>
    public static int CountOf(int classCount) => (classCount + Vector256<double>.Count - 1) & -Vector256<double>.Count;

    /// <summary>sums += x · numbers. Reads and writes <paramref name="count"/> lanes.</summary>
    /// <param name="count">A multiple of four.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Add(double* numbers, double x, double* sums, int count)
    {
        var factor = Vector256.Create(x);
        for (var lane = 0; lane < count; lane += Vector256<double>.Count)
            Vector256.FusedMultiplyAdd(factor, Vector256.Load(numbers + lane), Vector256.Load(sums + lane)).Store(sums + lane);
    }
}
