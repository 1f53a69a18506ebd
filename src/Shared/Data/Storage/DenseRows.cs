using System.Runtime.InteropServices;
using DistTrain.Numerics;

namespace DistTrain.Data.Storage;

/// <summary>
/// Rows of numbers in a <see cref="DenseFormat"/>, each padded with zeros to whole vectors of eight, in memory that does not move: the first
/// row 64-byte aligned, in a slice 16-byte aligned at least.
/// </summary>
public sealed unsafe class DenseRows
{
    const int AlignmentBytes = 64;

    /// <summary>Null where the rows lie in memory of somebody else, at <see cref="_lent"/>. The type of its elements says nothing.</summary>
    readonly float[]? _memory;

    readonly ReadOnlyMemory<byte> _lentBytes;
    readonly float* _lent;

    /// <summary>Elements of the memory before the first row, and of one row.</summary>
    readonly int _offset, _rowElements;

    /// <summary>Null where others rounded.</summary>
    readonly RoundingTotal? _rounding;

    /// <summary>Zeroed rows, to be filled by the one who makes them before anyone else sees them.</summary>
    /// <param name="stride">Numbers from one row to the next, a multiple of eight; 0 where there is no dense column.</param>
    public DenseRows(int rowCount, int stride, DenseFormat format = DenseFormat.Full)
        : this(rowCount, stride, format, GC.AllocateArray<float>(LengthOf(rowCount, stride, format), pinned: true))
    {
    }

    DenseRows(int rowCount, int stride, DenseFormat format, float[] memory)
    {
        (RowCount, Stride, Format, _rowElements) = (rowCount, stride, format, BytesOfRow(stride, format) / sizeof(float));
        _memory = memory;
        fixed (float* first = _memory)
            _offset = (int)((AlignmentBytes - (nint)first % AlignmentBytes) % AlignmentBytes / sizeof(float));
        if (format != DenseFormat.Full) _rounding = new RoundingTotal();
    }

    DenseRows(DenseRows whole, int first, int rowCount)
    {
        (RowCount, Stride, Format, _rowElements) = (rowCount, whole.Stride, whole.Format, whole._rowElements);
        (_memory, _lentBytes, _offset) = (whole._memory, whole._lentBytes, whole._offset + first * whole._rowElements);
        _lent = whole._lent;
    }

    DenseRows(int rowCount, int stride, DenseFormat format, ReadOnlyMemory<byte> bytes, float* first)
    {
        (RowCount, Stride, Format, _rowElements) = (rowCount, stride, format, BytesOfRow(stride, format) / sizeof(float));
        _lentBytes = bytes;
        _lent = first;
    }

    public int RowCount { get; }

    public int Stride { get; }

    public DenseFormat Format { get; }

    /// <summary>Bytes from one row to the next.</summary>
    public int RowBytes => _rowElements * sizeof(float);

    /// <summary>What writing rows has changed; nothing where they were read.</summary>
    public RoundingSums Rounding => _rounding?.Sums ?? default;

    /// <summary>
    /// All rows of float32 one after the other: RowCount × Stride floats. Not to be written where the memory is another's.
    /// </summary>
    /// <exception cref="InvalidOperationException">They are of another format.</exception>
    public Span<float> Values => Format == DenseFormat.Full ? Elements(0, RowCount) : throw OtherFormat();

    /// <summary>All rows of bf16, like <see cref="Values"/>.</summary>
    /// <exception cref="InvalidOperationException">They are of another format.</exception>
    public Span<ushort> Halves => Format == DenseFormat.Bf16
        ? MemoryMarshal.Cast<float, ushort>(Elements(0, RowCount))
        : throw OtherFormat();

    /// <summary>The rows as they lie in memory, whatever their format, in units of four bytes; for those who read by pointer.</summary>
    internal ReadOnlySpan<float> Elements() => Elements(0, RowCount);

    /// <summary>The same as bytes.</summary>
    internal ReadOnlyMemory<byte> Bytes => _memory is { } memory
        ? new ArrayBytes<float>(memory, _offset, RowCount * _rowElements).Memory
        : _lentBytes.Slice(_offset * sizeof(float), RowCount * RowBytes);

    /// <summary>A row of float32, in place.</summary>
    /// <exception cref="InvalidOperationException">Rows are of another format.</exception>
    public Span<float> Row(int row) => Format == DenseFormat.Full ? Elements(row, 1) : throw OtherFormat();

    /// <summary>A row as float32: in place where it is, else in <paramref name="scratch"/>.</summary>
    /// <param name="scratch">Stride floats.</param>
    public ReadOnlySpan<float> Read(int row, Span<float> scratch)
    {
        if (Format == DenseFormat.Full) return Row(row);
        Bfloat16.Widen(HalvesOf(row), scratch);
        return scratch[..Stride];
    }

    /// <summary>Sets a row, rounded as the format asks. Several threads may set different rows.</summary>
    /// <param name="values">Stride floats, padding included.</param>
    public void Write(int row, ReadOnlySpan<float> values)
    {
        if (Format == DenseFormat.Full) values.CopyTo(Row(row));
        else _rounding!.Add(Bfloat16.Round(values, HalvesOf(row)));
    }

    /// <summary>Rows of any content, to be filled to the last number, padding included, before anyone else sees them.</summary>
    internal static DenseRows Uninitialized(int rowCount, int stride, DenseFormat format = DenseFormat.Full) =>
        new(rowCount, stride, format, GC.AllocateUninitializedArray<float>(LengthOf(rowCount, stride, format), pinned: true));

    /// <summary>Other rows in the memory of these, which are lost: to be filled like <see cref="Uninitialized"/> ones.</summary>
    /// <param name="rowCount">At most as many as these take in their format.</param>
    internal DenseRows Reuse(int rowCount, DenseFormat format)
    {
        var memory = _memory ?? throw new InvalidOperationException("The memory is another's.");
        ArgumentOutOfRangeException.ThrowIfGreaterThan(LengthOf(rowCount, Stride, format), memory.Length);
        return new(rowCount, Stride, format, memory);
    }

    /// <summary>Bytes of a row.</summary>
    internal static int BytesOfRow(int stride, DenseFormat format) => stride * (format == DenseFormat.Full ? sizeof(float) : sizeof(ushort));

    static int LengthOf(int rowCount, int stride, DenseFormat format) =>
        checked(rowCount * (BytesOfRow(stride, format) / sizeof(float)) + AlignmentBytes / sizeof(float));

    /// <summary>
    /// Rows as they lie in <paramref name="bytes"/>: in place where that is aligned memory that does not move (a mapped file), which its
    /// owner then keeps as long as anybody reads; else copied.
    /// </summary>
    internal static DenseRows Over(ReadOnlyMemory<byte> bytes, int rowCount, int stride, DenseFormat format = DenseFormat.Full)
    {
        bytes = bytes[..checked(rowCount * BytesOfRow(stride, format))];
        if (!bytes.IsEmpty && MemoryMarshal.TryGetMemoryManager<byte, StillMemory>(bytes, out var still, out var start, out _))
        {
            var first = still.First + start;
            if ((nint)first % AlignmentBytes == 0) return new DenseRows(rowCount, stride, format, bytes, (float*)first);
        }
        var rows = new DenseRows(rowCount, stride, format);
        MemoryMarshal.Cast<byte, float>(bytes.Span).CopyTo(rows.Elements(0, rowCount));
        return rows;
    }

    /// <summary>A view of <paramref name="rowCount"/> rows from <paramref name="first"/> on; it shares the memory.</summary>
    public DenseRows Slice(int first, int rowCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first + rowCount, RowCount);
        return new DenseRows(this, first, rowCount);
    }

    Span<ushort> HalvesOf(int row) => MemoryMarshal.Cast<float, ushort>(Elements(row, 1));

    Span<float> Elements(int firstRow, int rowCount)
    {
        if (_memory is { } memory) return memory.AsSpan(_offset + firstRow * _rowElements, rowCount * _rowElements);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)firstRow + (uint)rowCount, (uint)RowCount);
        return new Span<float>(_lent + _offset + firstRow * _rowElements, rowCount * _rowElements);
    }

    InvalidOperationException OtherFormat() => new($"The rows are of {Format}.");

    sealed class RoundingTotal
    {
        long _squareSum;
        int _largest;

        public RoundingSums Sums => new(Volatile.Read(ref _squareSum), Volatile.Read(ref _largest));

        public void Add(RoundingSums sums)
        {
            Interlocked.Add(ref _squareSum, sums.SquareSum);
            for (var seen = _largest; sums.Largest > seen;) seen = Interlocked.CompareExchange(ref _largest, sums.Largest, seen);
        }
    }
}
