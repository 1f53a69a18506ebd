using System.Security.Cryptography;
using DistTrain.Problems;

namespace DistTrain.Formats.Datasets;

/// <summary>A file of a dataset as its manifest knows it: what has another length or hash is not that file.</summary>
/// <param name="Name">Within the dataset's folder.</param>
/// <param name="Bytes">Its length, at least 1.</param>
/// <param name="Sha256">Of all of it, 64 lower-case hex digits.</param>
public sealed record StoredFile(string Name, long Bytes, string Sha256)
{
    /// <summary>Checks that these bytes are the file.</summary>
    /// <param name="shown">The file's name in messages.</param>
    /// <exception cref="DistTrainException">DT4705: they are not.</exception>
    public void RequireIn(ReadOnlyMemory<byte> bytes, string shown)
    {
        if (bytes.Length != Bytes) throw StoredProblems.OtherLength(shown, this, bytes.Length).AsException();
        if (Convert.ToHexStringLower(SHA256.HashData(bytes.Span)) != Sha256) throw StoredProblems.OtherHash(shown).AsException();
    }
}
