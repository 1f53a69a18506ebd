using System.Collections.Immutable;
using System.Security.Cryptography;
using DistTrain.Node.Blocks;
using DistTrain.Node.Cluster;
using DistTrain.Protocol;
using DistTrain.Protocol.Blocks;
using DistTrain.Protocol.Wire;

namespace DistTrain.Node.Tests.Cluster;

/// <summary>What is too large for a message is fetched; the rest travels within.</summary>
public sealed class BlockExchangeTests : IDisposable
{
    static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    readonly BlockStore _store = new();
    readonly BlockExchange _exchange;

    public BlockExchangeTests() => _exchange = ExchangeOf(new FetchBudget(1 << 20));

    [Theory, InlineData(1), InlineData(BlockPassing.InlineMax)]
    public async Task Few_bytes_travel_within_the_message(int length)
    {
        var bytes = RandomNumberGenerator.GetBytes(length);
        var passing = _exchange.Offer(new Block([bytes]));
        Assert.Null(passing.Ticket);
        Assert.Equal(0, _store.Count);
        Assert.Equal(bytes, await TakeAsync(passing));
    }

    [Fact]
    public async Task Many_are_fetched_and_let_go_when_all_takers_have_them()
    {
        var bytes = RandomNumberGenerator.GetBytes(BlockPassing.InlineMax + 1);
        var passing = _exchange.Offer(new Block([bytes]), takers: 2);
        Assert.True(passing.Inline.IsEmpty);
        Assert.Equal("http://127.0.0.1:1", Assert.Single(passing.Ticket!.Sources));
        Assert.Equal(bytes, await TakeAsync(passing));

        _exchange.Taken(passing.Ticket.Hash);
        Assert.Equal(1, _store.Count);
        _exchange.Taken(passing.Ticket.Hash);
        Assert.Equal(0, _store.Count);
        await Assert.ThrowsAsync<BlockFetchException>(() => TakeAsync(passing));
    }

    [Fact]
    public void What_is_withdrawn_can_be_fetched_no_more()
    {
        var passing = _exchange.Offer(new Block([new byte[BlockPassing.InlineMax + 1]]));
        _exchange.Withdraw(passing);
        Assert.Equal(0, _store.Count);
    }

    [Fact]
    public async Task A_message_that_no_frame_holds_is_offered_and_comes_out_as_it_was()
    {
        IProtocolMessage small = new BlockTaken(new string('0', 32));
        Assert.Same(small, _exchange.Fitting(small));

        var refused = new WorkerRefused(new RunId("run"), Term.First, new WorkerId("w"), "no");
        var body = new Block([WireCodec.Encode(refused)]);
        _store.Publish(body, Deadline);
        var offered = new MessageOffered(WireCodec.ManifestOf(refused), new Ticket(body.Hash, body.Length, ["http://127.0.0.1:1"]));
        Assert.Equal(refused, await _exchange.TakeAsync(offered, default).WaitAsync(Deadline));
    }

    [Fact]
    public async Task A_message_of_absurd_length_is_refused_before_memory_is_taken()
    {
        var offered = new MessageOffered("x", new Ticket(new string('0', 32), 1L << 40, []));
        await Assert.ThrowsAsync<WireException>(() => _exchange.TakeAsync(offered, default));
    }

    [Fact]
    public async Task A_fetch_waits_for_its_turn_in_the_budget_of_all()
    {
        var budget = new FetchBudget(BlockPassing.InlineMax + 1);
        var exchange = ExchangeOf(budget);
        var passing = exchange.Offer(new Block([new byte[BlockPassing.InlineMax + 1]]));
        Task<byte[]> fetch;
        using (await budget.EnterAsync(1, default))
        {
            fetch = TakeAsync(passing, exchange);
            Assert.False(fetch.IsCompleted);
        }
        Assert.Equal(BlockPassing.InlineMax + 1, (await fetch.WaitAsync(Deadline)).Length);
    }

    [Fact]
    public async Task Who_stops_waiting_for_the_budget_is_let_go()
    {
        var budget = new FetchBudget(BlockPassing.InlineMax + 1);
        var exchange = ExchangeOf(budget);
        var passing = exchange.Offer(new Block([new byte[BlockPassing.InlineMax + 1]]));
        using var taken = await budget.EnterAsync(1, default);
        using var stop = new CancellationTokenSource();
        var fetch = TakeAsync(passing, exchange, stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fetch.WaitAsync(Deadline));
    }

    [Fact]
    public void Longer_blocks_are_waited_for_longer() =>
        Assert.True(BlockExchange.PatienceFor(100 << 20) > BlockExchange.PatienceFor(1) + TimeSpan.FromMinutes(1));

    public void Dispose() => _store.Dispose();

    BlockExchange ExchangeOf(FetchBudget budget) => new(_store, new StoreClient(_store), () => "http://127.0.0.1:1", budget);

    Task<byte[]> TakeAsync(BlockPassing passing, BlockExchange? exchange = null, CancellationToken stop = default) =>
        (exchange ?? _exchange).TakeAsync(
            passing,
            async (length, fill, end) =>
            {
                var bytes = new byte[length];
                await fill(bytes, end);
                return bytes;
            },
            stop);

    sealed class StoreClient(BlockStore store) : IBlockClient
    {
        public async Task<T> FetchAsync<T>(
            Ticket ticket, Func<long, BlockFill, CancellationToken, ValueTask<T>> read, TimeSpan deadline, CancellationToken stop)
        {
            if (!store.TryFind(ticket.Hash, out var block)) throw new BlockFetchException($"no block {ticket.Hash}");
            return await read(block.Length, InlineBlock.FillFrom(InlineBlock.ToBytes(block)), stop);
        }

        public Task FetchFileAsync(
            string sha256, ImmutableArray<string> sources, Stream to, TimeSpan deadline, CancellationToken stop) =>
            throw new NotSupportedException();
    }
}
