using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using DistTrain.Data.Preparation;
using DistTrain.Numerics;

namespace DistTrain.Data.Direct;

/// <summary>What the storage rule asks of columns of numbers, counted row by row.</summary>
sealed class ColumnCounts(int featureCount)
{
    readonly long[] _zeros = new long[featureCount];
    readonly long[] _ones = new long[featureCount];

    public int RowCount { get; private set; }

    /// <param name="row">A number for each feature.</param>
    [MethodImpl(Compilation.Full)]
    public void Add(ReadOnlySpan<double> row)
    {
        var inVectors = row.Length - row.Length % Vector256<double>.Count;
        ref var values = ref MemoryMarshal.GetReference(row);
        ref var zeros = ref MemoryMarshal.GetArrayDataReference(_zeros);
        ref var ones = ref MemoryMarshal.GetArrayDataReference(_ones);
        for (nuint d = 0; d < (nuint)inVectors; d += (nuint)Vector256<double>.Count)
        {
            // Where it is so, all bits are set: −1.
            var x = Vector256.LoadUnsafe(ref values, d);
            (Vector256.LoadUnsafe(ref zeros, d) - Vector256.Equals(x, Vector256<double>.Zero).AsInt64()).StoreUnsafe(ref zeros, d);
            (Vector256.LoadUnsafe(ref ones, d) - Vector256.Equals(x, Vector256<double>.One).AsInt64()).StoreUnsafe(ref ones, d);
        }
        for (var d = inVectors; d < row.Length; d++)
        {
            _zeros[d] += row[d] == 0 ? 1 : 0;
            _ones[d] += row[d] == 1 ? 1 : 0;
        }
        RowCount++;
    }

    public void Add(ColumnCounts other)
    {
        RowCount += other.RowCount;
        for (var d = 0; d < _zeros.Length; d++)
        {
            _zeros[d] += other._zeros[d];
            _ones[d] += other._ones[d];
        }
    }

    /// <summary>By the rule for the rows counted, every column is held dense.</summary>
    public bool AllDense() => Enumerable.Range(0, _zeros.Length).All(d =>
    {
        var nonzeros = RowCount - (int)_zeros[d];
        return StorageRule.OfNumber(RowCount, nonzeros, onlyZerosAndOnes: nonzeros == _ones[d]) == FeatureStorage.Dense;
    });
}
