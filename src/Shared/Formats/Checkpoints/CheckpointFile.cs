using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using DistTrain.Problems;

namespace DistTrain.Formats.Checkpoints;

/// <summary>
/// A checkpoint as bytes: "DTCHKPT\n"; the format's number and the header's length, int32 little-endian; the header, JSON in UTF-8;
/// the trainer's state; SHA-256 of all before it. Of whatever format: it begins with these eight bytes and ends with that hash.
/// </summary>
public static class CheckpointFile
{
    const int Format = 1;
    const int PieceBytes = 1 << 16;
    const int PrefixBytes = 8 + 2 * sizeof(int);

    static ReadOnlySpan<byte> Magic => "DTCHKPT\n"u8;

    /// <summary>The parts of a file, to be written one after the other.</summary>
    /// <param name="state">The trainer's state in parts; not copied.</param>
    public static ImmutableArray<ReadOnlyMemory<byte>> Compose(CheckpointHeader header, ImmutableArray<ReadOnlyMemory<byte>> state)
    {
        var json = header.ToJson();
        var prefix = new byte[PrefixBytes + json.Length];
        Magic.CopyTo(prefix);
        BinaryPrimitives.WriteInt32LittleEndian(prefix.AsSpan(Magic.Length), Format);
        BinaryPrimitives.WriteInt32LittleEndian(prefix.AsSpan(Magic.Length + sizeof(int)), json.Length);
        json.CopyTo(prefix, PrefixBytes);

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(prefix);
        foreach (var part in state) hash.AppendData(part.Span);
        return [prefix, .. state, hash.GetHashAndReset()];
    }

    /// <summary>Checks the whole file, reads its header and leaves the stream where the state begins.</summary>
    /// <param name="file">Can seek.</param>
    /// <param name="shown">Its name in messages.</param>
    /// <exception cref="DistTrainException">DT7101, exit 7: it is damaged, or of another format.</exception>
    public static CheckpointHeader Read(Stream file, string shown)
    {
        DistTrainException Refuse(string why) => Unusable(shown, why).AsException();

        var contentBytes = file.Length - SHA256.HashSizeInBytes;
        if (contentBytes < PrefixBytes) throw Refuse("damaged: it ends before it has begun");
        var prefix = new byte[PrefixBytes];
        file.Position = 0;
        file.ReadExactly(prefix);
        if (!prefix.AsSpan().StartsWith(Magic)) throw Refuse("not a checkpoint, or damaged in its first bytes");
        if (!HashFits(file, contentBytes)) throw Refuse("damaged: its SHA-256 does not fit its content");
        var format = BinaryPrimitives.ReadInt32LittleEndian(prefix.AsSpan(Magic.Length));
        if (format != Format) throw Refuse($"of format {format}; this version reads format {Format}");
        var headerBytes = BinaryPrimitives.ReadInt32LittleEndian(prefix.AsSpan(Magic.Length + sizeof(int)));
        if (headerBytes < 0 || headerBytes > contentBytes - PrefixBytes) throw Refuse("its header has no place in it");

        var json = new byte[headerBytes];
        file.Position = PrefixBytes;
        file.ReadExactly(json);
        return CheckpointHeader.FromJson(json, Refuse);
    }

    internal static Problem Unusable(string shown, string why) => new(
        "DT7101", ExitCode.Unreadable, $"{shown}: {why}", "expected: a checkpoint as this version writes it")
    {
        File = shown,
    };

    static bool HashFits(Stream file, long contentBytes)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var piece = new byte[PieceBytes];
        file.Position = 0;
        for (var left = contentBytes; left > 0;)
        {
            var count = (int)Math.Min(left, PieceBytes);
            file.ReadExactly(piece, 0, count);
            hash.AppendData(piece, 0, count);
            left -= count;
        }
        var stored = new byte[SHA256.HashSizeInBytes];
        file.ReadExactly(stored);
        return hash.GetHashAndReset().AsSpan().SequenceEqual(stored);
    }
}
