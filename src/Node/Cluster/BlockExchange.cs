using System.Diagnostics;
using DistTrain.Node.Blocks;
using DistTrain.Protocol;
using DistTrain.Protocol.Blocks;
using DistTrain.Protocol.Wire;

namespace DistTrain.Node.Cluster;

/// <summary>
/// How gates hand over what is too large for a message, and take it: few numbers travel within the message, more are fetched from the data
/// plane by whoever wants them. One for all gates of a process; thread-safe.
/// </summary>
/// <param name="ownAddress">Where others fetch from this process, as http://host:port; asked when there is something to fetch.</param>
/// <param name="budget">Of all fetches of this process.</param>
public sealed class BlockExchange(BlockStore store, IBlockClient client, Func<string> ownAddress, FetchBudget budget)
{
    /// <summary>Longest time that anything waits to be fetched; whoever comes later has to ask anew for what it is about.</summary>
    static readonly TimeSpan KeepFor = TimeSpan.FromMinutes(10);

    /// <summary>Longer than anything is of use that whoever offered it withdraws.</summary>
    static readonly TimeSpan KeepForOwner = TimeSpan.FromDays(30);

    /// <summary>Slower than this nobody is waited for.</summary>
    const double BytesPerSecondMin = 1 << 20;

    static readonly TimeSpan PatienceMin = TimeSpan.FromSeconds(10);

    /// <summary>Most bytes of a message that is fetched.</summary>
    const long MessageBytesMax = 1 << 30;

    /// <summary>How long a block of that length is waited for, its turn in the budget included.</summary>
    public static TimeSpan PatienceFor(long length) => PatienceMin + TimeSpan.FromSeconds(length / BytesPerSecondMin);

    /// <summary>How long a block within a message is waited for.</summary>
    public static TimeSpan PatienceFor(BlockPassing passing) => PatienceFor(passing.Ticket?.Length ?? 0);

    /// <summary>A block as a part of a message: its bytes, or the ticket under which it now can be fetched.</summary>
    /// <param name="takers">How many will say that they have it (<see cref="Taken"/>), at least 1.</param>
    public BlockPassing Offer(Block block, int takers = 1) => block.Length <= BlockPassing.InlineMax
        ? new BlockPassing(InlineBlock.ToBytes(block), null)
        : new BlockPassing(default, Publish(block, KeepFor, takers));

    /// <summary>The same of a block that any number may take, at any time until it is withdrawn (<see cref="Withdraw"/>).</summary>
    public BlockPassing OfferUntilWithdrawn(Block block) => block.Length <= BlockPassing.InlineMax
        ? new BlockPassing(InlineBlock.ToBytes(block), null)
        : new BlockPassing(default, Publish(block, KeepForOwner, int.MaxValue));

    /// <summary>What travels in place of <paramref name="message"/>: itself where one frame holds it, else an offer of its bytes.</summary>
    public IProtocolMessage Fitting(IProtocolMessage message) => WireCodec.LargeBody(message) is { } body
        ? new MessageOffered(WireCodec.ManifestOf(message), Publish(body, KeepFor, takers: 1))
        : message;

    /// <summary>One who was to fetch a block has it, or wants it no more.</summary>
    public void Taken(string hash) => store.Taken(hash);

    /// <summary>Nobody is to fetch what a message offered, though nobody has said so.</summary>
    public void Withdraw(BlockPassing passing)
    {
        if (passing.Ticket is { } ticket) store.Withdraw(ticket.Hash);
    }

    /// <summary>Takes a block out of a message, or fetches it.</summary>
    /// <param name="read">Makes the result from length and bytes.</param>
    /// <exception cref="BlockFetchException">It could not be fetched.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was cancelled.</exception>
    public async Task<T> TakeAsync<T>(
        BlockPassing passing, Func<long, BlockFill, CancellationToken, ValueTask<T>> read, CancellationToken stop) => passing.Ticket is { } ticket
        ? await FetchAsync(ticket, read, stop)
        : await read(passing.Inline.Length, InlineBlock.FillFrom(passing.Inline), stop);

    /// <summary>Fetches a message that was offered.</summary>
    /// <exception cref="WireException">It is none, or too large for one.</exception>
    /// <exception cref="BlockFetchException">It could not be fetched.</exception>
    public async Task<IProtocolMessage> TakeAsync(MessageOffered offered, CancellationToken stop)
    {
        if (offered.Bytes.Length > MessageBytesMax) throw new WireException($"A message of {offered.Bytes.Length} bytes is too large.");
        var bytes = await FetchAsync(offered.Bytes, ReadAllAsync, stop);
        return WireCodec.Decode(offered.Manifest, bytes);
    }

    Ticket Publish(Block block, TimeSpan keepFor, int takers)
    {
        store.Publish(block, keepFor, takers);
        return new Ticket(block.Hash, block.Length, [ownAddress()]);
    }

    async Task<T> FetchAsync<T>(Ticket ticket, Func<long, BlockFill, CancellationToken, ValueTask<T>> read, CancellationToken stop)
    {
        var (started, patience) = (Stopwatch.GetTimestamp(), PatienceFor(ticket.Length));
        using var share = await budget.EnterAsync(ticket.Length, stop);
        var left = patience - Stopwatch.GetElapsedTime(started);
        return left > TimeSpan.Zero
            ? await client.FetchAsync(ticket, read, left, stop)
            : throw new BlockFetchException($"A block of {ticket.Length} bytes had to wait too long for its turn.");
    }

    static async ValueTask<byte[]> ReadAllAsync(long length, BlockFill fill, CancellationToken stop)
    {
        var bytes = new byte[length];
        await fill(bytes, stop);
        return bytes;
    }
}
