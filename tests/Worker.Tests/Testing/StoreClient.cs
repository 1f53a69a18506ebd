using System.Collections.Immutable;
using DistTrain.Node.Blocks;
using DistTrain.Protocol.Blocks;

namespace DistTrain.Worker.Tests.Testing;

/// <summary>Fetches from a store of the same process, when the test lets it.</summary>
sealed class StoreClient(BlockStore store) : IBlockClient
{
    int _fetchCount;

    /// <summary>What every fetch waits for.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    public int FetchCount => _fetchCount;

    public async Task<T> FetchAsync<T>(
        Ticket ticket, Func<long, BlockFill, CancellationToken, ValueTask<T>> read, TimeSpan deadline, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _fetchCount);
        await Gate.WaitAsync(deadline, cancellation);
        if (!store.TryFind(ticket.Hash, out var block)) throw new BlockFetchException($"no block {ticket.Hash}");
        return await read(block.Length, InlineBlock.FillFrom(InlineBlock.ToBytes(block)), cancellation);
    }

    public Task FetchFileAsync(
        string sha256, ImmutableArray<string> sources, Stream destination, TimeSpan deadline, CancellationToken cancellation) =>
        throw new NotSupportedException();
}
