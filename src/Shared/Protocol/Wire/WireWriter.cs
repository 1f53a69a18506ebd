using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using MessagePack;

namespace DistTrain.Protocol.Wire;

/// <summary>Writes fields as MessagePack, and checks each against <see cref="WireRules"/>.</summary>
ref struct WireWriter(IBufferWriter<byte> output)
{
    MessagePackWriter _to = new(output);

    /// <summary>Begins a record of so many fields.</summary>
    public void Fields(int count) => _to.WriteArrayHeader(count);

    public void Absent() => _to.WriteNil();

    public void Flag(bool value) => _to.Write(value);

    public void Number(long value) => _to.Write(value);

    public void Bits(ulong value) => _to.Write(value);

    public void Real(double value) => _to.Write(value);

    public void Name(string name) => Raw(WireRules.Name(name));

    public void Token(string token) => Raw(WireRules.Token(token));

    /// <summary>What is written for people: the rest of one that is too long is left out.</summary>
    public void Text(string text) => Raw(WireRules.Cut(text));

    public void Path(string path)
    {
        WireRules.InRange(path.Length, 0, WireRules.PathMax, "The length of a path");
        Raw(path);
    }

    public void Address(string address) => Raw(WireRules.Address(address));

    public void Addresses(ReadOnlySpan<string> addresses)
    {
        Fields((int)WireRules.InRange(addresses.Length, 0, WireRules.ListMax, "The number of addresses"));
        foreach (var address in addresses) Address(address);
    }

    public void Bytes(ReadOnlySpan<byte> bytes) => _to.Write(bytes);

    /// <summary>Numbers as their little-endian bytes.</summary>
    public void Reals(ReadOnlySpan<double> numbers) => _to.Write(MemoryMarshal.AsBytes(numbers));

    public void Flush() => _to.Flush();

    void Raw(string text) => _to.WriteString(Encoding.UTF8.GetBytes(text));
}
