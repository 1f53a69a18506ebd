using System.Collections.Immutable;
using System.Globalization;
using System.IO.Hashing;

namespace DistTrain.Protocol.Blocks;

/// <summary>
/// Numbers on their way: bytes in a few pieces of memory, which stay as they are while the block lives. Made by those who know what is in
/// them (<c>ParametersBlock</c>, <c>SumsBlock</c>), moved by those who do not.
/// </summary>
public sealed class Block(ImmutableArray<ReadOnlyMemory<byte>> pieces)
{
    readonly Lazy<string> _hash = new(() => HashOf(pieces));

    public ImmutableArray<ReadOnlyMemory<byte>> Pieces { get; } = pieces;

    /// <summary>Bytes of all pieces.</summary>
    public long Length { get; } = pieces.Sum(piece => (long)piece.Length);

    /// <summary>XXH128 of all bytes, 32 lower-case hex digits: finds what broke on the way. It keeps no secret from anyone.</summary>
    public string Hash => _hash.Value;

    /// <summary>How a hash is written, wherever it was computed.</summary>
    public static string TextOf(XxHash128 hash) => hash.GetCurrentHashAsUInt128().ToString("x32", CultureInfo.InvariantCulture);

    static string HashOf(ImmutableArray<ReadOnlyMemory<byte>> pieces)
    {
        var hash = new XxHash128();
        foreach (var piece in pieces) hash.Append(piece.Span);
        return TextOf(hash);
    }
}
