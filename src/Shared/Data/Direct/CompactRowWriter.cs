using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using DistTrain.Data.Tables.Parsing;

namespace DistTrain.Data.Direct;

/// <summary>Writes rows as <see cref="CompactRow"/> reads them; used for one chunk after the other.</summary>
sealed class CompactRowWriter(bool isExact)
{
    const int NumberBytesMax = 5;

    readonly GrowingArray<int> _starts = new();
    byte[] _bytes = new byte[1 << 16];
    double[] _values = new double[64];
    int _length;
    int _rowStart;
    int _previous;
    int _count;
    bool _hasOthers;

    public void BeginRow()
    {
        _starts.Add(_rowStart = _length);
        (_previous, _count, _hasOthers) = (-1, 0, false);
        Reserve(CompactRow.HeaderBytes);
        _length += CompactRow.HeaderBytes;
    }

    /// <summary>Adds a cell to the row; what is 0 as a float is left out, unless the rows are exact.</summary>
    /// <param name="index">Larger than the one before.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(int index, double value)
    {
        if (!isExact)
        {
            value = (float)value;
            if (value == 0) return;
        }
        if (_count == _values.Length) Array.Resize(ref _values, 2 * _count);
        _values[_count++] = value;
        _hasOthers |= value != 1;

        Reserve(NumberBytesMax);
        var (bytes, at) = (_bytes, _length);
        var number = (uint)(index - _previous - 1);
        for (; number > 0x7F; number >>= 7) bytes[at++] = (byte)(number | 0x80);
        bytes[at++] = (byte)number;
        (_length, _previous) = (at, index);
    }

    public void EndRow()
    {
        BinaryPrimitives.WriteUInt32LittleEndian(_bytes.AsSpan(_rowStart), (uint)_count << 1 | (_hasOthers ? 1u : 0));
        if (!_hasOthers) return;
        Reserve(_count * sizeof(double));
        if (isExact)
        {
            MemoryMarshal.AsBytes(_values.AsSpan(0, _count)).CopyTo(_bytes.AsSpan(_length));
            _length += _count * sizeof(double);
            return;
        }
        var floats = MemoryMarshal.Cast<byte, float>(_bytes.AsSpan(_length));
        for (var i = 0; i < _count; i++) floats[i] = (float)_values[i];
        _length += _count * sizeof(float);
    }

    /// <summary>The rows written, and room for those of another chunk.</summary>
    /// <param name="keepsRows">Else only how long they are.</param>
    public CompactBytes Finish(bool keepsRows)
    {
        var rows = new CompactBytes(keepsRows ? _bytes.AsSpan(0, _length).ToArray() : [], _starts.ToArray(), _length);
        _length = 0;
        _starts.Truncate(0);
        return rows;
    }

    /// <summary>The one row written, valid until the next; then the writer is empty again.</summary>
    public ReadOnlySpan<byte> TakeRow()
    {
        var row = _bytes.AsSpan(0, _length);
        _length = 0;
        _starts.Truncate(0);
        return row;
    }

    void Reserve(int count)
    {
        if (_bytes.Length - _length < count) Array.Resize(ref _bytes, Math.Max(2 * _bytes.Length, _length + count));
    }
}
