using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace DistTrain.Data.Direct;

/// <summary>Rows of LIBSVM in few bytes, in the order of the input. Any of them can be read at any time, from several threads.</summary>
/// <remarks>
/// A row is a number of four bytes, twice its cells and 1 more where one of them is not 1; then, for each cell, what lies between its index
/// and the one before, seven bits a byte, the lowest first; then the values, unless all are 1: as doubles if the rows are exact, else as the
/// floats nearest to them.
/// </remarks>
/// <param name="chunks">In the order of the input; none is empty.</param>
sealed class CompactRows(CompactBytes[] chunks, bool isExact)
{
    public const int HeaderBytes = sizeof(uint);

    readonly CompactBytes[] _chunks = chunks;
    readonly int[] _firstRows = FirstRowsOf(chunks);

    /// <summary>Whether values are doubles.</summary>
    public bool IsExact => isExact;

    /// <summary>Of all rows.</summary>
    public long Bytes => _chunks.Sum(chunk => chunk.Bytes.LongLength + chunk.Starts.LongLength * sizeof(int));

    /// <summary>Reads one row.</summary>
    public void Read(int row, CompactRow into)
    {
        var found = Array.BinarySearch(_firstRows, row);
        if (found < 0) found = ~found - 1;
        var chunk = _chunks[found];
        ReadOnlySpan<byte> bytes = chunk.Bytes.AsSpan(chunk.Starts[row - _firstRows[found]]..);

        var header = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        var indices = into.Resize((int)(header >> 1), hasOthers: (header & 1) != 0);
        var at = HeaderBytes;
        for (int i = 0, index = -1; i < indices.Length; i++) indices[i] = index += 1 + ReadNumber(bytes, ref at);
        if (into.HasOthers) ReadValues(bytes[at..], into.Values);
    }

    static int[] FirstRowsOf(CompactBytes[] chunks)
    {
        var first = new int[chunks.Length];
        for (var c = 1; c < chunks.Length; c++) first[c] = first[c - 1] + chunks[c - 1].Starts.Length;
        return first;
    }

    static int ReadNumber(ReadOnlySpan<byte> bytes, ref int at)
    {
        int next = bytes[at++];
        var number = next & 0x7F;
        for (var bits = 7; next > 0x7F; bits += 7) number |= ((next = bytes[at++]) & 0x7F) << bits;
        return number;
    }

    void ReadValues(ReadOnlySpan<byte> bytes, Span<double> into)
    {
        if (isExact)
        {
            MemoryMarshal.Cast<byte, double>(bytes)[..into.Length].CopyTo(into);
            return;
        }
        var values = MemoryMarshal.Cast<byte, float>(bytes);
        for (var i = 0; i < into.Length; i++) into[i] = values[i];
    }
}

/// <summary>The rows of one chunk of the text.</summary>
/// <param name="Bytes">The rows, one after the other.</param>
/// <param name="Starts">Where each row starts.</param>
sealed record CompactBytes(byte[] Bytes, int[] Starts);

/// <summary>A row that was read, valid until the next reading.</summary>
sealed class CompactRow
{
    int[] _indices = new int[64];
    double[] _values = new double[64];
    int _count;

    /// <summary>Ascending.</summary>
    public ReadOnlySpan<int> Indices => _indices.AsSpan(0, _count);

    /// <summary>Whether a value is not 1.</summary>
    public bool HasOthers { get; private set; }

    /// <summary>As many as indices; of use only where <see cref="HasOthers"/>.</summary>
    public Span<double> Values => _values.AsSpan(0, _count);

    public double ValueAt(int i) => HasOthers ? _values[i] : 1;

    /// <summary>Makes room for a row's indices, which are returned, and values.</summary>
    internal Span<int> Resize(int count, bool hasOthers)
    {
        if (count > _indices.Length) (_indices, _values) = (new int[2 * count], new double[2 * count]);
        (_count, HasOthers) = (count, hasOthers);
        return _indices.AsSpan(0, count);
    }
}
