using System.Runtime.InteropServices;
using System.Text;

namespace DistTrain.Formats.State;

/// <summary>
/// Writes the state of a trainer as a plain sequence of little-endian values. The reader knows their order; tags tell it where it is.
/// </summary>
/// <remarks>
/// Numbers are written as they lie in memory, which is little-endian on every machine with hardware FMA that .NET runs on: what is read is
/// what was written, to the bit. Sequences are preceded by their length. Who owns the stream frames, hashes and flushes.
/// </remarks>
/// <param name="stream">Written in order, not closed.</param>
public sealed class StateWriter(Stream stream)
{
    /// <summary>Numbers written at once: the bytes of a long sequence are more than a span can hold.</summary>
    const int PieceLength = 1 << 16;

    /// <summary>Marks what follows, so that a reader in the wrong place knows it.</summary>
    public void Tag(string name) => Write(name);

    public void Write(int value) => WriteOne(value);

    public void Write(long value) => WriteOne(value);

    public void Write(ulong value) => WriteOne(value);

    public void Write(double value) => WriteOne(value);

    public void Write(bool value) => WriteOne(value ? (byte)1 : (byte)0);

    public void Write(string value)
    {
        var bytes = Encoding.UTF8.GetBytes(value);
        Write(bytes.Length);
        stream.Write(bytes);
    }

    public void Write(ReadOnlySpan<double> values) => WriteSequence(values);

    public void Write(ReadOnlySpan<float> values) => WriteSequence(values);

    public void Write(ReadOnlySpan<int> values) => WriteSequence(values);

    void WriteSequence<T>(ReadOnlySpan<T> values)
        where T : unmanaged
    {
        Write(values.Length);
        for (; !values.IsEmpty; values = values[Math.Min(PieceLength, values.Length)..])
            stream.Write(MemoryMarshal.AsBytes(values[..Math.Min(PieceLength, values.Length)]));
    }

    void WriteOne<T>(T value)
        where T : unmanaged =>
        stream.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value)));
}
