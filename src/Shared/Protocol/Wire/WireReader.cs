using System.Runtime.InteropServices;
using System.Text;
using MessagePack;

namespace DistTrain.Protocol.Wire;

/// <summary>
/// Reads fields from MessagePack. A length is compared with what is there, and with <see cref="WireRules"/>, before memory is taken for it.
/// </summary>
ref struct WireReader(ReadOnlyMemory<byte> bytes)
{
    /// <summary>UTF-8 takes at most so many bytes for a character as .NET counts them.</summary>
    const int CharacterBytesMax = 3;

    static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    MessagePackReader _from = new(bytes);

    public readonly bool IsAtEnd => _from.End;

    /// <summary>Begins a record, which must have so many fields.</summary>
    public void Fields(int count)
    {
        var found = _from.ReadArrayHeader();
        if (found != count) throw new WireException($"A record has {found} fields; expected {count}.");
    }

    /// <summary>Begins a list.</summary>
    public int List(int most)
    {
        var count = _from.ReadArrayHeader();
        return (int)WireRules.InRange(count, 0, most, "The length of a list");
    }

    /// <summary>Whether nothing stands here; then it is read.</summary>
    public bool IsAbsent() => _from.TryReadNil();

    /// <summary>Whether bytes stand here.</summary>
    public readonly bool IsBytes() => _from.NextMessagePackType == MessagePackType.Binary;

    public bool Flag() => _from.ReadBoolean();

    public long Number(long least, long most, string what) => WireRules.InRange(_from.ReadInt64(), least, most, what);

    /// <summary>From 0.</summary>
    public long Count(string what) => Number(0, long.MaxValue, what);

    /// <summary>From 0, of 32 bits.</summary>
    public int Index(string what, int least = 0) => (int)Number(least, int.MaxValue, what);

    public ulong Bits() => _from.ReadUInt64();

    public double Real(string what) => WireRules.Finite(_from.ReadDouble(), what);

    /// <summary>A value that its type has a name for.</summary>
    public T Known<T>()
        where T : struct, Enum
    {
        var value = (T)Enum.ToObject(typeof(T), _from.ReadInt32());
        return Enum.IsDefined(value) ? value : throw new WireException($"{typeof(T).Name} {value:D} is not known.");
    }

    public string Name() => WireRules.Name(Raw(WireRules.NameMax));

    public string Token() => WireRules.Token(Raw(WireRules.NameMax));

    public string Text() => Raw(WireRules.TextMax);

    public string Path() => Raw(WireRules.PathMax);

    public string Address() => WireRules.Address(Raw(WireRules.NameMax));

    public string[] Addresses()
    {
        var addresses = new string[List(WireRules.ListMax)];
        for (var i = 0; i < addresses.Length; i++) addresses[i] = Address();
        return addresses;
    }

    /// <summary>A part of the message's own bytes, not copied.</summary>
    public ReadOnlyMemory<byte> Bytes(int most)
    {
        var found = _from.ReadBytes() ?? throw new WireException("Nothing stands where bytes are expected.");
        WireRules.InRange(found.Length, 0, most, "The number of bytes");
        return found.First;
    }

    /// <summary>Finite numbers.</summary>
    public double[] Reals(string what)
    {
        var found = Bytes(int.MaxValue);
        if (found.Length % sizeof(double) != 0) throw new WireException($"{what}: {found.Length} bytes are no whole numbers.");
        var numbers = new double[found.Length / sizeof(double)];
        found.Span.CopyTo(MemoryMarshal.AsBytes(numbers.AsSpan()));
        foreach (var number in numbers) WireRules.Finite(number, what);
        return numbers;
    }

    string Raw(int most)
    {
        if (!_from.TryReadStringSpan(out var utf8)) throw new WireException("Nothing stands where a text is expected.");
        WireRules.InRange(utf8.Length, 0, (long)most * CharacterBytesMax, "The number of bytes of a text");
        var text = Strict.GetString(utf8);
        WireRules.InRange(text.Length, 0, most, "The length of a text");
        return text;
    }
}
