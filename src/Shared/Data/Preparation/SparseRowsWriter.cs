using DistTrain.Data.Storage;

namespace DistTrain.Data.Preparation;

/// <summary>Takes the sparse rows of a shard, one after the other.</summary>
/// <param name="cellsMax">Most features of all rows together; where there are as many, they are not copied in the end.</param>
sealed class SparseRowsWriter(int rowCount, int cellsMax)
{
    readonly int[] _starts = new int[rowCount + 1];
    readonly int[] _features = GC.AllocateUninitializedArray<int>(cellsMax);

    /// <summary>Null while all are 1.</summary>
    float[]? _values;
    int _rowCount;
    int _count;

    public void Add(ReadOnlySpan<int> features, ReadOnlySpan<float> values)
    {
        features.CopyTo(_features.AsSpan(_count));
        AddValues(values);
        _count += features.Length;
        _starts[++_rowCount] = _count;
    }

    void AddValues(ReadOnlySpan<float> values)
    {
        if (_values is null)
        {
            if (!values.ContainsAnyExcept(1f)) return;
            _values = GC.AllocateUninitializedArray<float>(_features.Length);
            _values.AsSpan(0, _count).Fill(1);
        }
        values.CopyTo(_values.AsSpan(_count));
    }

    /// <summary>The rows, all of which were added.</summary>
    public SparseRows ToRows() => _count == _features.Length
        ? new(_starts, _features, _values)
        : new(_starts, _features[.._count], _values?[.._count]);
}
