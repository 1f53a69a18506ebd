namespace DistTrain.Data.Storage;

/// <summary>Rows of float32, each padded with zeros to whole vectors of eight, 64-byte aligned in pinned memory.</summary>
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
        _memory = GC.AllocateArray<float>(checked(rowCount * stride) + AlignmentBytes / sizeof(float), pinned: true);
        unsafe
        {
            fixed (float* first = _memory)
                _offset = (int)((AlignmentBytes - (nint)first % AlignmentBytes) % AlignmentBytes / sizeof(float));
        }
    }

    public int RowCount { get; }

    public int Stride { get; }

    /// <summary>All rows one after the other: RowCount × Stride floats.</summary>
    public Span<float> Values => _memory.AsSpan(_offset, RowCount * Stride);

    public Span<float> Row(int row) => _memory.AsSpan(_offset + row * Stride, Stride);
}
