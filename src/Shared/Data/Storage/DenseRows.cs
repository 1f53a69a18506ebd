using System.Runtime.InteropServices;
using DistTrain.Numerics;

namespace DistTrain.Data.Storage;

/// <summary>
/// Rows of float32, each padded with zeros to whole vectors of eight, in memory that does not move: the first row 64-byte aligned, in a
/// slice 32-byte aligned at least.
/// </summary>
public sealed unsafe class DenseRows
{
    const int AlignmentBytes = 64;

    /// <summary>Null where the rows lie in memory of somebody else, at <see cref="_lent"/>.</summary>
    readonly float[]? _memory;

    readonly ReadOnlyMemory<byte> _lentBytes;
    readonly float* _lent;
    readonly int _offset;

    /// <summary>Zeroed rows, to be filled by the one who makes them before anyone else sees them.</summary>
    /// <param name="stride">Floats from one row to the next, a multiple of eight; 0 where there is no dense column.</param>
    public DenseRows(int rowCount, int stride)
        : this(rowCount, stride, GC.AllocateArray<float>(LengthOf(rowCount, stride), pinned: true))
    {
    }

    DenseRows(int rowCount, int stride, float[] memory)
    {
        (Stride, RowCount, _memory) = (stride, rowCount, memory);
        fixed (float* first = _memory)
            _offset = (int)((AlignmentBytes - (nint)first % AlignmentBytes) % AlignmentBytes / sizeof(float));
    }

    DenseRows(DenseRows whole, int first, int rowCount)
    {
        (Stride, RowCount) = (whole.Stride, rowCount);
        (_memory, _lentBytes, _offset) = (whole._memory, whole._lentBytes, whole._offset + first * whole.Stride);
        _lent = whole._lent;
    }

    DenseRows(int rowCount, int stride, ReadOnlyMemory<byte> bytes, float* first)
    {
        (Stride, RowCount) = (stride, rowCount);
        _lentBytes = bytes;
        _lent = first;
    }

    public int RowCount { get; }

    public int Stride { get; }

    /// <summary>All rows one after the other: RowCount × Stride floats. Not to be written where the memory is another's.</summary>
    public Span<float> Values => Floats(0, RowCount * Stride);

    /// <summary>The same as bytes.</summary>
    internal ReadOnlyMemory<byte> Bytes => _memory is { } memory
        ? new ArrayBytes<float>(memory, _offset, RowCount * Stride).Memory
        : _lentBytes.Slice(_offset * sizeof(float), RowCount * Stride * sizeof(float));

    public Span<float> Row(int row) => Floats(row * Stride, Stride);

    /// <summary>Rows of any content, to be filled to the last float, padding included, before anyone else sees them.</summary>
    internal static DenseRows Uninitialized(int rowCount, int stride) =>
        new(rowCount, stride, GC.AllocateUninitializedArray<float>(LengthOf(rowCount, stride), pinned: true));

    static int LengthOf(int rowCount, int stride) => checked(rowCount * stride + AlignmentBytes / sizeof(float));

    /// <summary>
    /// Rows as they lie in <paramref name="bytes"/>: in place where that is aligned memory that does not move (a mapped file), which its
    /// owner then keeps as long as anybody reads; else copied.
    /// </summary>
    internal static DenseRows Over(ReadOnlyMemory<byte> bytes, int rowCount, int stride)
    {
        bytes = bytes[..checked(rowCount * stride * sizeof(float))];
        if (!bytes.IsEmpty && MemoryMarshal.TryGetMemoryManager<byte, StillMemory>(bytes, out var still, out var start, out _))
        {
            var first = still.First + start;
            if ((nint)first % AlignmentBytes == 0) return new DenseRows(rowCount, stride, bytes, (float*)first);
        }
        var rows = new DenseRows(rowCount, stride);
        MemoryMarshal.Cast<byte, float>(bytes.Span).CopyTo(rows.Values);
        return rows;
    }

    /// <summary>A view of <paramref name="rowCount"/> rows from <paramref name="first"/> on; it shares the memory.</summary>
    public DenseRows Slice(int first, int rowCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first + rowCount, RowCount);
        return new DenseRows(this, first, rowCount);
    }

    Span<float> Floats(int start, int length)
    {
        if (_memory is { } memory) return memory.AsSpan(_offset + start, length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)start + (uint)length, (uint)(RowCount * Stride));
        return new Span<float>(_lent + _offset + start, length);
    }
}
