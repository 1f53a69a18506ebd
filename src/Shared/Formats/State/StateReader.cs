using System.Runtime.InteropServices;
using System.Text;

namespace DistTrain.Formats.State;

/// <summary>Reads what a <see cref="StateWriter"/> wrote, in the same order.</summary>
/// <remarks>
/// Every fault is an <see cref="InvalidDataException"/> that says what was found and what was expected. Nothing is allocated for a length
/// that the stream does not hold.
/// </remarks>
/// <param name="stream">Read in order, not closed.</param>
public sealed class StateReader(Stream stream)
{
    const int TextBytesMax = 1 << 20;

    /// <summary>Numbers for which room is made before the stream has shown that it holds them.</summary>
    const int PieceLength = 1 << 16;

    /// <summary>Demands the mark that the writer set here.</summary>
    public void Expect(string tag)
    {
        if (ReadString() is var found && found != tag)
            throw new InvalidDataException($"the state holds \"{found}\" where \"{tag}\" was expected");
    }

    public int ReadInt32() => ReadOne<int>();

    public long ReadInt64() => ReadOne<long>();

    public ulong ReadUInt64() => ReadOne<ulong>();

    public double ReadDouble() => ReadOne<double>();

    public bool ReadBoolean() => ReadOne<byte>() switch
    {
        0 => false,
        1 => true,
        var other => throw new InvalidDataException($"the state holds {other} where 0 or 1 was expected"),
    };

    public string ReadString()
    {
        var length = ReadLength();
        if (length > TextBytesMax) throw new InvalidDataException($"the state holds a text of {length} bytes, more than {TextBytesMax}");

        var bytes = new byte[length];
        Fill(bytes);
        return Encoding.UTF8.GetString(bytes);
    }

    public double[] ReadDoubles() => ReadSequence<double>(ReadLength());

    /// <summary>As many numbers as expected; another count is refused.</summary>
    public double[] ReadDoubles(int expected) => ReadSequence<double>(ReadLength(expected));

    /// <summary>As many numbers in float32 as expected; another count is refused.</summary>
    public float[] ReadSingles(int expected) => ReadSequence<float>(ReadLength(expected));

    public int[] ReadInt32s() => ReadSequence<int>(ReadLength());

    int ReadLength()
    {
        var length = ReadInt32();
        return length >= 0 ? length : throw new InvalidDataException($"the state holds a length of {length}");
    }

    int ReadLength(int expected) => ReadLength() is var length && length == expected
        ? length
        : throw new InvalidDataException($"the state holds {length} numbers where {expected} were expected");

    T[] ReadSequence<T>(int length)
        where T : unmanaged
    {
        var numbers = new T[Math.Min(length, PieceLength)];
        for (var read = 0; read < length;)
        {
            if (read == numbers.Length) Array.Resize(ref numbers, (int)Math.Min(length, 2L * numbers.Length));
            var piece = numbers.AsSpan(read, Math.Min(PieceLength, numbers.Length - read));
            Fill(MemoryMarshal.AsBytes(piece));
            read += piece.Length;
        }
        return numbers;
    }

    T ReadOne<T>()
        where T : unmanaged
    {
        T value = default;
        Fill(MemoryMarshal.AsBytes(new Span<T>(ref value)));
        return value;
    }

    void Fill(Span<byte> bytes)
    {
        if (stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
            throw new InvalidDataException("the state ends too early");
    }
}
