using System.Buffers.Binary;
using System.Runtime.InteropServices;
using DistTrain.Training;

namespace DistTrain.Protocol.Wire;

/// <summary>
/// Sets of shards as bytes: runs, each the gap before it and its length less one as numbers of seven bits a byte; or, where that is
/// shorter, a bit a shard.
/// </summary>
static class ShardFields
{
    const byte AsRuns = 0;
    const byte AsBits = 1;
    const int BytesMax = 1 + WireRules.ShardCountMax / 8;

    public static void Shards(this ref WireWriter to, ShardSet shards)
    {
        var words = shards.Words;
        WireRules.InRange(words.Length, 0, WireRules.ShardCountMax / 64, "The number of words of a set of shards");
        to.Bytes(RunsOf(shards, 1 + words.Length * sizeof(ulong)) ?? BitsOf(words));
    }

    /// <exception cref="WireException">The bytes are no set as it is written.</exception>
    public static ShardSet Shards(this ref WireReader from)
    {
        var bytes = from.Bytes(BytesMax).Span;
        return bytes switch
        {
            [AsRuns, .. var runs] => ShardSet.OfWords(WordsOfRuns(runs)),
            [AsBits, .. var bits] => ShardSet.OfWords(WordsOfBits(bits)),
            _ => throw new WireException("A set of shards is written in no known way."),
        };
    }

    /// <summary>Null where they would take more bytes than <paramref name="bytesMax"/>.</summary>
    static byte[]? RunsOf(ShardSet shards, int bytesMax)
    {
        var bytes = new List<byte> { AsRuns };
        var (start, end) = (0, 0);
        foreach (var shard in shards)
        {
            if (shard.Index != end || end == 0)
            {
                if (bytes.Count > bytesMax) return null;
                var gap = shard.Index - end;
                EndRun(bytes, end - start);
                WriteNumber(bytes, gap);
                start = shard.Index;
            }
            end = shard.Index + 1;
        }
        EndRun(bytes, end - start);
        return bytes.Count <= bytesMax ? [.. bytes] : null;
    }

    static void EndRun(List<byte> bytes, int length)
    {
        if (length > 0) WriteNumber(bytes, length - 1);
    }

    static byte[] BitsOf(ReadOnlySpan<ulong> words) => [AsBits, .. MemoryMarshal.AsBytes(words)];

    static ulong[] WordsOfRuns(ReadOnlySpan<byte> runs)
    {
        var words = new ulong[EndOf(runs) / 64 + 1];
        var shard = 0;
        while (!runs.IsEmpty)
        {
            shard += ReadNumber(ref runs);
            for (var left = ReadNumber(ref runs) + 1; left > 0; left--, shard++) words[shard / 64] |= 1UL << (shard % 64);
        }
        return words;
    }

    /// <summary>The shard after the last, checked to be in range before memory is taken.</summary>
    static int EndOf(ReadOnlySpan<byte> runs)
    {
        var end = 0L;
        for (var isFirst = true; !runs.IsEmpty; isFirst = false)
        {
            var gap = ReadNumber(ref runs);
            if (gap == 0 && !isFirst) throw new WireException("Two runs of shards without a gap between them.");
            end += gap + ReadNumber(ref runs) + 1L;
            WireRules.InRange(end, 0, WireRules.ShardCountMax, "The end of a run of shards");
        }
        return (int)end;
    }

    static ulong[] WordsOfBits(ReadOnlySpan<byte> bits)
    {
        if (bits.Length % sizeof(ulong) != 0) throw new WireException($"Bits of shards in {bits.Length} bytes; expected whole words.");
        var words = new ulong[bits.Length / sizeof(ulong)];
        for (var i = 0; i < words.Length; i++) words[i] = BinaryPrimitives.ReadUInt64LittleEndian(bits[(i * sizeof(ulong))..]);
        return words;
    }

    static void WriteNumber(List<byte> bytes, int number)
    {
        var left = (uint)number;
        for (; left >= 0x80; left >>= 7) bytes.Add((byte)(left | 0x80));
        bytes.Add((byte)left);
    }

    /// <summary>A number below 2²¹, of at most three bytes.</summary>
    static int ReadNumber(ref ReadOnlySpan<byte> bytes)
    {
        var number = 0;
        for (var i = 0; i < 3 && i < bytes.Length; i++)
        {
            number |= (bytes[i] & 0x7f) << (7 * i);
            if (bytes[i] >= 0x80) continue;
            bytes = bytes[(i + 1)..];
            return number;
        }
        throw new WireException("A number of a run of shards does not end.");
    }
}
