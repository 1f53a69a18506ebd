using DistTrain.Data.Preparation;

namespace DistTrain.Data.Direct;

/// <summary>What the storage rule asks of columns of numbers, counted row by row.</summary>
sealed class ColumnCounts(int featureCount)
{
    readonly int[] _nonzeros = new int[featureCount];
    readonly int[] _ones = new int[featureCount];

    public int RowCount { get; private set; }

    public void Add(ReadOnlySpan<double> row)
    {
        var nonzeros = _nonzeros.AsSpan(0, row.Length);
        var ones = _ones.AsSpan(0, row.Length);
        for (var d = 0; d < row.Length; d++)
        {
            nonzeros[d] += row[d] != 0 ? 1 : 0;
            ones[d] += row[d] == 1 ? 1 : 0;
        }
        RowCount++;
    }

    public void Add(ColumnCounts other)
    {
        RowCount += other.RowCount;
        for (var d = 0; d < _nonzeros.Length; d++)
        {
            _nonzeros[d] += other._nonzeros[d];
            _ones[d] += other._ones[d];
        }
    }

    /// <summary>By the rule for the rows counted, every column is held dense.</summary>
    public bool AllDense() => Enumerable.Range(0, _nonzeros.Length).All(d =>
        StorageRule.OfNumber(RowCount, _nonzeros[d], onlyZerosAndOnes: _nonzeros[d] == _ones[d]) == FeatureStorage.Dense);
}
