using System.Runtime.CompilerServices;

namespace DistTrain.Data.Tables.Parsing;

/// <summary>An array whose length is not known beforehand. It grows by pieces, so nothing is copied but once, at the end.</summary>
sealed class GrowingArray<T>
    where T : unmanaged
{
    const int FirstLength = 1 << 8;
    const int LengthMax = 1 << 16;

    readonly List<T[]> _full = [];
    T[] _current = new T[FirstLength];
    int _currentCount;
    long _fullCount;

    /// <summary>Elements so far.</summary>
    public long Count => _fullCount + _currentCount;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(T item)
    {
        if (_currentCount == _current.Length) StartPiece();
        _current[_currentCount++] = item;
    }

    /// <summary>Takes back what was added beyond the first <paramref name="count"/> elements.</summary>
    public void Truncate(long count)
    {
        while (count < _fullCount)
        {
            _current = _full[^1];
            _full.RemoveAt(_full.Count - 1);
            _fullCount -= _current.Length;
            _currentCount = _current.Length;
        }
        _currentCount = (int)(count - _fullCount);
    }

    /// <summary>All elements, in a new array.</summary>
    public T[] ToArray()
    {
        var all = GC.AllocateUninitializedArray<T>(checked((int)Count));
        var copied = 0;
        foreach (var piece in _full)
        {
            piece.CopyTo(all, copied);
            copied += piece.Length;
        }
        _current.AsSpan(0, _currentCount).CopyTo(all.AsSpan(copied));
        return all;
    }

    void StartPiece()
    {
        _full.Add(_current);
        _fullCount += _current.Length;
        _current = GC.AllocateUninitializedArray<T>(Math.Min(2 * _current.Length, LengthMax));
        _currentCount = 0;
    }
}
