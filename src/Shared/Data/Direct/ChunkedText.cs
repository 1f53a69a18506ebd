using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Security.Cryptography;
using DistTrain.Data.Tables;
using DistTrain.Data.Tables.Input;
using DistTrain.Numerics;

namespace DistTrain.Data.Direct;

/// <summary>Plain text in files that can be read by offset, cut into stretches of a fixed size: these are read at once, and again.</summary>
sealed class ChunkedText
{
    /// <summary>Bytes of a stretch.</summary>
    public const int ChunkBytes = 1 << 20;

    const int SignatureBytes = 8;
    const int HashedAtOnce = 1 << 18;

    readonly IReadOnlyList<IInputFile> _files;
    readonly ImmutableArray<Stretch> _stretches;
    readonly IParallelFor _parallel;

    ChunkedText(IReadOnlyList<IInputFile> files, ImmutableArray<Stretch> stretches, IParallelFor parallel) =>
        (_files, _stretches, _parallel) = (files, stretches, parallel);

    /// <summary>Reads the rows of one chunk; false where something is odd.</summary>
    public delegate bool ChunkReader(int chunk, LibsvmCursor rows);

    /// <summary>Number of chunks; those of a file follow each other, and so do the files.</summary>
    public int ChunkCount => _stretches.Length;

    public IReadOnlyList<IInputFile> Files => _files;

    /// <summary>The files as a text; null where one can only be read from the first byte on, or is no plain text.</summary>
    public static ChunkedText? Of(IReadOnlyList<IInputFile> files, int chunkBytes, IParallelFor parallel)
    {
        var stretches = ImmutableArray.CreateBuilder<Stretch>();
        for (var f = 0; f < files.Count; f++)
        {
            using var access = files[f].OpenRandomAccess();
            if (access is null || IsPacked(access)) return null;
            for (long start = 0, end; start < access.Length; start = end)
                stretches.Add(new Stretch(f, start, end = Math.Min(access.Length, start + chunkBytes)));
        }
        return new ChunkedText(files, stretches.ToImmutable(), parallel);
    }

    public int FileOf(int chunk) => _stretches[chunk].File;

    /// <summary>Reads all chunks, in any order, and hashes the files meanwhile; false as soon as one is odd.</summary>
    /// <param name="hashes">Gets each file's SHA-256 in lower-case hex.</param>
    public bool TryReadHashed(ChunkReader read, string[] hashes) => TryRead(read, hashes);

    /// <summary>Reads all chunks, in any order; false as soon as one is odd.</summary>
    public bool TryRead(ChunkReader read) => TryRead(read, []);

    bool TryRead(ChunkReader read, string[] hashes)
    {
        var opened = new List<IRandomAccess>();
        try
        {
            foreach (var file in _files) opened.Add(file.OpenRandomAccess()!);
            return TryRead(opened, read, hashes);
        }
        finally
        {
            foreach (var file in opened) file.Dispose();
        }
    }

    bool TryRead(List<IRandomAccess> opened, ChunkReader read, string[] hashes)
    {
        var (idle, isOdd) = (new ConcurrentBag<TextChunk>(), false);
        _parallel.Run(hashes.Length + ChunkCount, piece =>
        {
            if (Volatile.Read(ref isOdd)) return;
            if (piece < hashes.Length) hashes[piece] = HashOf(opened[piece]);
            else if (!TryReadChunk(piece - hashes.Length)) Volatile.Write(ref isOdd, true);
        });
        return !isOdd;

        bool TryReadChunk(int number)
        {
            if (!idle.TryTake(out var chunk)) chunk = new TextChunk();
            var (file, start, end) = _stretches[number];
            var isRead = chunk.TryRead(opened[file], start, end, out var lines) && read(number, new LibsvmCursor(lines));
            idle.Add(chunk);
            return isRead;
        }
    }

    static bool IsPacked(IRandomAccess file)
    {
        Span<byte> first = stackalloc byte[SignatureBytes];
        first = first[..file.Read(0, first)];
        return FileSignature.IsGzip(first) || FileSignature.OfUnreadable(first) is not null;
    }

    static string HashOf(IRandomAccess file)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[HashedAtOnce];
        for (long offset = 0; file.Read(offset, buffer) is > 0 and var read; offset += read) hash.AppendData(buffer, 0, read);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    readonly record struct Stretch(int File, long Start, long End);
}
