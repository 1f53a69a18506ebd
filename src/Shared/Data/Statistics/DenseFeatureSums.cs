using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using DistTrain.Numerics;

namespace DistTrain.Data.Statistics;

/// <summary>
/// The sums of dense features, a plane of features for each kind: Σ w|x|, Σ wx², then for each class Σ wx and Σ wx². Several features are
/// added at once, and each one's rows one after the other.
/// </summary>
/// <param name="stride">Floats of a dense row, a multiple of eight.</param>
sealed class DenseFeatureSums(int classCount, int stride)
{
    /// <summary>All planes, one after the other.</summary>
    public double[] Values { get; } = new double[(2 + 2 * (long)classCount) * stride];

    public ReadOnlySpan<double> Plane(int plane) => Values.AsSpan(plane * stride, stride);

    /// <summary>Adds a dense row, padding included.</summary>
    /// <param name="label">The row's active class.</param>
    [MethodImpl(Compilation.Full)]
    public void Add(ReadOnlySpan<float> row, double weight, int label)
    {
        if (row.IsEmpty) return;

        ref var features = ref MemoryMarshal.GetReference(row);
        ref var absolutes = ref Values[0];
        ref var squares = ref Values[stride];
        ref var ofClass = ref Values[(2 + 2 * label) * stride];
        ref var squaresOfClass = ref Values[(3 + 2 * label) * stride];
        var weights = Vector256.Create(weight);
        for (nuint d = 0; d < (nuint)row.Length; d += (nuint)Vector256<float>.Count)
        {
            var x = Vector256.LoadUnsafe(ref features, d);
            var (low, high) = (Vector256.WidenLower(x), Vector256.WidenUpper(x));
            var (weightedLow, weightedHigh) = (weights * low, weights * high);
            Add(Vector256.Abs(weightedLow), Vector256.Abs(weightedHigh), ref absolutes, d);
            Add(weightedLow * low, weightedHigh * high, ref squares, d);
            Add(weightedLow, weightedHigh, ref ofClass, d);
            Add(weightedLow * low, weightedHigh * high, ref squaresOfClass, d);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Add(Vector256<double> low, Vector256<double> high, ref double sums, nuint at)
    {
        (Vector256.LoadUnsafe(ref sums, at) + low).StoreUnsafe(ref sums, at);
        at += (nuint)Vector256<double>.Count;
        (Vector256.LoadUnsafe(ref sums, at) + high).StoreUnsafe(ref sums, at);
    }
}
