using System.Collections.Immutable;

namespace DistTrain.Protocol.Blocks;

/// <summary>Where a block can be fetched, and how to know that it is the one.</summary>
/// <param name="Hash"><see cref="Block.Hash"/>.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Sources">Nodes that have it, as http://host:port, in the order in which they are to be asked.</param>
public sealed record Ticket(string Hash, long Length, ImmutableArray<string> Sources);

/// <summary>A block within a message: one that is small, or the ticket of one that is fetched.</summary>
/// <param name="Inline">The bytes; empty where there is a ticket.</param>
public readonly record struct BlockPassing(ReadOnlyMemory<byte> Inline, Ticket? Ticket)
{
    /// <summary>Most bytes that travel within a message. Actors' messages share a connection with the heartbeats.</summary>
    public const int InlineMax = 32 * 1024;
}
