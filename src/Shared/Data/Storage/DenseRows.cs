namespace DistTrain.Data.Storage;

/// <summary>
/// Rows of float32, each padded with zeros to whole vectors of eight, in pinned memory: the first row 64-byte aligned, in a slice
/// 32-byte aligned at least.
/// </summary>
public sealed class DenseRows
{
    const int AlignmentBytes = 64;

    readonly float[] _memory;
    readonly int _offset;

    /// <summary>Zeroed rows, to be filled by the one who makes them before anyone else sees them.</summary>
    /// <param name="stride">Floats from one row to the next, a multiple of eight; 0 where there is no dense column.</param>
    public DenseRows(int rowCount, int stride)
    {
        Stride = stride;
        RowCount = rowCount;
        _memory = GC.AllocateArray<float>(checked(rowCount * stride + AlignmentBytes / sizeof(float)), pinned: true);
        unsafe
        {
            fixed (float* first = _memory)
                _offset = (int)((AlignmentBytes - (nint)first % AlignmentBytes) % AlignmentBytes / sizeof(float));
        }
    }

    DenseRows(DenseRows whole, int first, int rowCount)
    {
        (Stride, RowCount) = (whole.Stride, rowCount);
        (_memory, _offset) = (whole._memory, whole._offset + first * whole.Stride);
    }

    public int RowCount { get; }

    public int Stride { get; }

    /// <summary>All rows one after the other: RowCount × Stride floats.</summary>
    public Span<float> Values => _memory.AsSpan(_offset, RowCount * Stride);

    public Span<float> Row(int row) => _memory.AsSpan(_offset + row * Stride, Stride);

    /// <summary>A view of <paramref name="rowCount"/> rows from <paramref name="first"/> on; it shares the memory.</summary>
    public DenseRows Slice(int first, int rowCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first + rowCount, RowCount);
        return new DenseRows(this, first, rowCount);
    }
}
