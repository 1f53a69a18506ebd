using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace DistTrain.Formats;

/// <summary>The name of a set of numbers: what "the same bits" is checked by.</summary>
public static class ParametersHash
{
    /// <summary>SHA-256, in lower-case hex, over the bytes of the weights, then of the intercepts: little-endian, row by row.</summary>
    public static string Of(ReadOnlySpan<double> weights, ReadOnlySpan<double> intercepts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, weights);
        Append(hash, intercepts);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    // In pieces, since the bytes of many weights can be more than one span holds. Every processor that can train is little-endian.
    static void Append(IncrementalHash hash, ReadOnlySpan<double> values)
    {
        const int Piece = 1 << 16;
        for (var start = 0; start < values.Length; start += Piece)
            hash.AppendData(MemoryMarshal.AsBytes(values.Slice(start, Math.Min(Piece, values.Length - start))));
    }
}
