using DistTrain.Data.Storage;

namespace DistTrain.Data.Preparation;

/// <summary>Takes sparse rows one after the other; its room is kept from one shard to the next.</summary>
sealed class SparseRowsWriter
{
    int[] _starts = new int[1 << 10];
    int[] _features = new int[1 << 16];
    /// <summary>Of use only where there are others than ones.</summary>
    float[] _values = [];
    int _rowCount;
    int _count;
    bool _hasOthersThanOnes;

    /// <summary>Begins anew.</summary>
    public void Clear() => (_rowCount, _count, _hasOthersThanOnes) = (0, 0, false);

    public void Add(ReadOnlySpan<int> features, ReadOnlySpan<float> values)
    {
        if (_rowCount + 1 == _starts.Length) Array.Resize(ref _starts, 2 * _starts.Length);
        if (_count + features.Length > _features.Length)
        {
            var room = Math.Max(checked(2 * _features.Length), _count + features.Length);
            Array.Resize(ref _features, room);
        }
        features.CopyTo(_features.AsSpan(_count));
        AddValues(values);
        _count += features.Length;
        _starts[++_rowCount] = _count;
    }

    void AddValues(ReadOnlySpan<float> values)
    {
        if (!_hasOthersThanOnes && !values.ContainsAnyExcept(1f)) return;
        if (_values.Length < _features.Length) Array.Resize(ref _values, _features.Length);
        if (!_hasOthersThanOnes) _values.AsSpan(0, _count).Fill(1);
        _hasOthersThanOnes = true;
        values.CopyTo(_values.AsSpan(_count));
    }

    /// <summary>The rows, in arrays of their own.</summary>
    public SparseRows ToRows() => new(
        _starts[..(_rowCount + 1)], _features[.._count], _hasOthersThanOnes ? _values[.._count] : null);
}
