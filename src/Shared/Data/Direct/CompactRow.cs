using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace DistTrain.Data.Direct;

/// <summary>A row that was read, valid until the next reading.</summary>
/// <remarks>
/// Its bytes are a number of four bytes, twice its cells and 1 more where one of them is not 1; then, for each cell, what lies between its
/// index and the one before, seven bits a byte, the lowest first; then the values, unless all are 1: as doubles if the row is exact, else as
/// the floats nearest to them.
/// </remarks>
sealed class CompactRow
{
    public const int HeaderBytes = sizeof(uint);

    int[] _indices = new int[64];
    double[] _values = new double[64];
    int _count;

    /// <summary>Ascending.</summary>
    public ReadOnlySpan<int> Indices => _indices.AsSpan(0, _count);

    /// <summary>Whether a value is not 1.</summary>
    public bool HasOthers { get; private set; }

    /// <summary>As many as indices; of use only where <see cref="HasOthers"/>.</summary>
    public ReadOnlySpan<double> Values => _values.AsSpan(0, _count);

    public double ValueAt(int i) => HasOthers ? _values[i] : 1;

    /// <summary>Cells of a row.</summary>
    /// <param name="bytes">From the row's first on.</param>
    public static int CellsIn(ReadOnlySpan<byte> bytes) => (int)(BinaryPrimitives.ReadUInt32LittleEndian(bytes) >> 1);

    /// <param name="bytes">From the row's first on.</param>
    public void Read(ReadOnlySpan<byte> bytes, bool isExact)
    {
        var header = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        (_count, HasOthers) = ((int)(header >> 1), (header & 1) != 0);
        if (_count > _indices.Length) (_indices, _values) = (new int[2 * _count], new double[2 * _count]);

        var indices = _indices.AsSpan(0, _count);
        var at = HeaderBytes;
        for (int i = 0, index = -1; i < indices.Length; i++) indices[i] = index += 1 + ReadNumber(bytes, ref at);
        if (HasOthers) ReadValues(bytes[at..], isExact);
    }

    static int ReadNumber(ReadOnlySpan<byte> bytes, ref int at)
    {
        int next = bytes[at++];
        var number = next & 0x7F;
        for (var bits = 7; next > 0x7F; bits += 7) number |= ((next = bytes[at++]) & 0x7F) << bits;
        return number;
    }

    void ReadValues(ReadOnlySpan<byte> bytes, bool isExact)
    {
        var into = _values.AsSpan(0, _count);
        if (isExact)
        {
            MemoryMarshal.Cast<byte, double>(bytes)[..into.Length].CopyTo(into);
            return;
        }
        var values = MemoryMarshal.Cast<byte, float>(bytes);
        for (var i = 0; i < into.Length; i++) into[i] = values[i];
    }
}
