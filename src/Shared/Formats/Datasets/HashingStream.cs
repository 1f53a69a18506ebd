using System.Security.Cryptography;

namespace DistTrain.Formats.Datasets;

/// <summary>Passes on what is written, and takes its SHA-256.</summary>
sealed class HashingStream(Stream destination) : CountingStream
{
    readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>Of all that was written, in lower-case hex; asked for once, at the end.</summary>
    public string Sha256() => Convert.ToHexStringLower(_hash.GetHashAndReset());

    protected override void Take(ReadOnlySpan<byte> bytes)
    {
        _hash.AppendData(bytes);
        destination.Write(bytes);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _hash.Dispose();
        base.Dispose(disposing);
    }
}
