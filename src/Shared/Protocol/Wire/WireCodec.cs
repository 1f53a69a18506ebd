using System.Buffers;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text;
using DistTrain.Protocol.Blocks;
using MessagePack;

namespace DistTrain.Protocol.Wire;

/// <summary>
/// Between messages and bytes: the closed table of all that travels between processes. A message is a MessagePack array whose places are
/// the keys of its fields; what it is, a manifest beside it says.
/// </summary>
/// <remarks>
/// A type that is not in the table cannot be written, bytes that are not exactly one message cannot be read. Nodes of one
/// <see cref="ProtocolVersion"/> alone talk to each other, so no field is optional: a change of a row is a new version.
/// <see cref="ParametersPublished"/> and <see cref="ContributionComputed"/> stay within a process; their offers travel.
/// </remarks>
public static class WireCodec
{
    /// <summary>
    /// Most bytes of a message that travels by itself (<see cref="LargeBody"/>). Below what Akka.Remote puts into one frame, and short
    /// enough that no heartbeat waits behind it.
    /// </summary>
    public const int MessageBytesMax = 64 * 1024;

    static readonly ImmutableArray<WireRow> Rows = [.. JoiningRows.All, .. EvaluatingRows.All, .. OfferingRows.All];
    static readonly FrozenDictionary<Type, WireRow> RowsByType = Rows.ToFrozenDictionary(row => row.Type);
    static readonly FrozenDictionary<string, WireRow> RowsByManifest = Rows.ToFrozenDictionary(row => row.Manifest);

    /// <summary>All types that travel.</summary>
    public static IEnumerable<Type> Types => Rows.Select(row => row.Type);

    /// <summary>The name of the message's type on the wire.</summary>
    /// <exception cref="WireException">It does not travel.</exception>
    public static string ManifestOf(IProtocolMessage message) => RowOf(message).Manifest;

    /// <summary>The bytes of a message; a new array, as long as they.</summary>
    /// <exception cref="WireException">It does not travel, or has a field that no reader would take.</exception>
    public static byte[] Encode(IProtocolMessage message)
    {
        var output = new ArrayBufferWriter<byte>();
        var to = new WireWriter(output);
        RowOf(message).Write(ref to, message);
        to.Flush();
        return output.WrittenSpan.ToArray();
    }

    /// <summary>The message that <paramref name="bytes"/> are, which it may refer to: they are not written again.</summary>
    /// <exception cref="WireException">They are no message of this protocol.</exception>
    public static IProtocolMessage Decode(string manifest, ReadOnlyMemory<byte> bytes)
    {
        if (!RowsByManifest.TryGetValue(manifest, out var row))
            throw new WireException($"A message with a manifest of {manifest.Length} characters that the protocol does not have.");
        try
        {
            var from = new WireReader(bytes);
            var message = row.Read(ref from);
            return from.IsAtEnd ? message : throw new WireException("There are bytes after its last field.");
        }
        catch (Exception cause) when (IsOfBytes(cause))
        {
            throw new WireException($"{row.Type.Name} of {bytes.Length} bytes cannot be read: {cause.Message}", cause);
        }
    }

    /// <summary>
    /// The bytes of a message that does not fit into <see cref="MessageBytesMax"/>, to be fetched (<see cref="MessageOffered"/>); null
    /// where it does.
    /// </summary>
    public static Block? LargeBody(IProtocolMessage message)
    {
        var bytes = Encode(message);
        return bytes.Length > MessageBytesMax ? new Block([bytes]) : null;
    }

    /// <summary>What MessagePack's reader throws at bytes that are none of its own; out of range is a length that is not there.</summary>
    static bool IsOfBytes(Exception cause) => cause
        is WireException or MessagePackSerializationException or EndOfStreamException
        or ArgumentOutOfRangeException or OverflowException or DecoderFallbackException;

    static WireRow RowOf(IProtocolMessage message) => RowsByType.TryGetValue(message.GetType(), out var row)
        ? row
        : throw new WireException($"{message.GetType().Name} does not travel between processes.");
}
