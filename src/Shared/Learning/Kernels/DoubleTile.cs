using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using DistTrain.Numerics;

namespace DistTrain.Learning.Kernels;

/// <summary>
/// Up to four rows of a shard that the double kernels compute together: each weight is loaded once for all of them. What comes out for a row
/// does not depend on the others.
/// </summary>
sealed unsafe class DoubleTile
{
    public const int RowsMax = 4;

    const int ClassesAtOnce = 3;

    readonly int[] _rows = new int[RowsMax];
    readonly double*[] _lanes = new double*[RowsMax];

    public int Count { get; private set; }

    public bool IsFull => Count == RowsMax;

    /// <param name="lanes">The row's own place for K numbers in whole vectors.</param>
    public void Add(int row, double* lanes)
    {
        _rows[Count] = row;
        _lanes[Count++] = lanes;
    }

    public void Clear() => Count = 0;

    public int RowAt(int index) => _rows[index];

    public double* LanesAt(int index) => _lanes[index];

    /// <summary>lanes += W·x for the dense columns.</summary>
    /// <param name="rows">All rows of the shard, [rows][stride].</param>
    /// <param name="weights">[K][stride].</param>
    public void AddDense<TValues>(byte* rows, int stride, double* weights, int classCount) where TValues : struct, IDenseValues
    {
        for (var k = 0; k < classCount; k += ClassesAtOnce)
        {
            // Where fewer than three classes are left, the last one is computed again.
            var (k1, k2) = (Math.Min(k + 1, classCount - 1), Math.Min(k + 2, classCount - 1));
            AddDense<TValues>(rows, stride, weights + (nint)k * stride, weights + (nint)k1 * stride, weights + (nint)k2 * stride, k, k1, k2);
        }
    }

    /// <summary>Three classes.</summary>
    [MethodImpl(Compilation.Full)]
    void AddDense<TValues>(byte* rows, int stride, double* w0, double* w1, double* w2, int k0, int k1, int k2)
        where TValues : struct, IDenseValues
    {
        byte* x0 = DenseAt<TValues>(0, rows, stride), x1 = DenseAt<TValues>(1, rows, stride);
        byte* x2 = DenseAt<TValues>(2, rows, stride), x3 = DenseAt<TValues>(3, rows, stride);
        Vector256<double> a0 = default, a1 = default, a2 = default, b0 = default, b1 = default, b2 = default;
        Vector256<double> c0 = default, c1 = default, c2 = default, d0 = default, d1 = default, d2 = default;
        for (var d = 0; d < stride; d += Vector256<double>.Count)
        {
            var (v0, v1, v2) = (Vector256.Load(w0 + d), Vector256.Load(w1 + d), Vector256.Load(w2 + d));
            var x = TValues.LoadDoubles(x0, d);
            a0 = Vector256.FusedMultiplyAdd(x, v0, a0);
            a1 = Vector256.FusedMultiplyAdd(x, v1, a1);
            a2 = Vector256.FusedMultiplyAdd(x, v2, a2);
            x = TValues.LoadDoubles(x1, d);
            b0 = Vector256.FusedMultiplyAdd(x, v0, b0);
            b1 = Vector256.FusedMultiplyAdd(x, v1, b1);
            b2 = Vector256.FusedMultiplyAdd(x, v2, b2);
            x = TValues.LoadDoubles(x2, d);
            c0 = Vector256.FusedMultiplyAdd(x, v0, c0);
            c1 = Vector256.FusedMultiplyAdd(x, v1, c1);
            c2 = Vector256.FusedMultiplyAdd(x, v2, c2);
            x = TValues.LoadDoubles(x3, d);
            d0 = Vector256.FusedMultiplyAdd(x, v0, d0);
            d1 = Vector256.FusedMultiplyAdd(x, v1, d1);
            d2 = Vector256.FusedMultiplyAdd(x, v2, d2);
        }
        Add(0, k0, k1, k2, a0, a1, a2);
        Add(1, k0, k1, k2, b0, b1, b2);
        Add(2, k0, k1, k2, c0, c1, c2);
        Add(3, k0, k1, k2, d0, d1, d2);
    }

    /// <summary>gradient += Σ lanes·xᵀ for the dense columns and classes 1 … K − 1, row after row; lanes hold residuals.</summary>
    /// <param name="gradient">[K − 1][stride].</param>
    [MethodImpl(Compilation.Full)]
    public void AddDenseGradient<TValues>(byte* rows, int stride, int freeClassCount, double* gradient)
        where TValues : struct, IDenseValues
    {
        byte* x0 = DenseAt<TValues>(0, rows, stride), x1 = DenseAt<TValues>(1, rows, stride);
        byte* x2 = DenseAt<TValues>(2, rows, stride), x3 = DenseAt<TValues>(3, rows, stride);
        for (var d = 0; d < stride; d += Vector256<double>.Count)
        {
            var (v0, v1, v2, v3) = (TValues.LoadDoubles(x0, d), TValues.LoadDoubles(x1, d), TValues.LoadDoubles(x2, d), TValues.LoadDoubles(x3, d));
            var sums = gradient + d;
            for (var k = 1; k <= freeClassCount; k++, sums += stride)
            {
                var sum = Vector256.FusedMultiplyAdd(v0, Vector256.Create(_lanes[0][k]), Vector256.Load(sums));
                if (Count > 1) sum = Vector256.FusedMultiplyAdd(v1, Vector256.Create(_lanes[1][k]), sum);
                if (Count > 2) sum = Vector256.FusedMultiplyAdd(v2, Vector256.Create(_lanes[2][k]), sum);
                if (Count > 3) sum = Vector256.FusedMultiplyAdd(v3, Vector256.Create(_lanes[3][k]), sum);
                sum.Store(sums);
            }
        }
    }

    /// <summary>A row's dense columns; where the tile has fewer rows, those of the first.</summary>
    byte* DenseAt<TValues>(int index, byte* rows, int stride) where TValues : struct, IDenseValues =>
        rows + (nint)_rows[index < Count ? index : 0] * stride * TValues.ValueBytes;

    void Add(int index, int k0, int k1, int k2, Vector256<double> s0, Vector256<double> s1, Vector256<double> s2)
    {
        if (index >= Count) return;
        var lanes = _lanes[index];
        lanes[k0] += Sum(s0);
        if (k1 > k0) lanes[k1] += Sum(s1);
        if (k2 > k1) lanes[k2] += Sum(s2);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static double Sum(Vector256<double> v) => v.GetElement(0) + v.GetElement(1) + (v.GetElement(2) + v.GetElement(3));
}
