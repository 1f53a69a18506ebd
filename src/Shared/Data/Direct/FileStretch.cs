using System.Security.Cryptography;
using DistTrain.Data.Tables;

namespace DistTrain.Data.Direct;

/// <summary>A stretch of a file: the rows that start in its bytes.</summary>
/// <param name="File">Which of the files.</param>
/// <param name="Start">Offset of its first byte.</param>
/// <param name="End">Offset behind its last byte; the last row may go on there.</param>
readonly record struct FileStretch(int File, long Start, long End)
{
    const int HashedAtOnce = 1 << 18;

    /// <summary>Cuts the bytes of a file from <paramref name="dataStart"/> on.</summary>
    public static IEnumerable<FileStretch> Cut(int file, long dataStart, long length, int stretchBytes)
    {
        for (var start = dataStart; start < length; start += stretchBytes)
            yield return new FileStretch(file, start, Math.Min(start + stretchBytes, length));
    }

    /// <summary>SHA-256 of a file's bytes, in lower-case hex.</summary>
    public static string HashOf(IRandomAccess file)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[HashedAtOnce];
        for (var at = 0L; file.Read(at, buffer) is > 0 and var read; at += read) hash.AppendData(buffer, 0, read);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
