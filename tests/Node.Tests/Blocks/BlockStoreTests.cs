using DistTrain.Node.Blocks;
using DistTrain.Protocol.Blocks;

namespace DistTrain.Node.Tests.Blocks;

public sealed class BlockStoreTests : IDisposable
{
    static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    readonly ManualTime _time = new();
    readonly BlockStore _store;

    public BlockStoreTests() => _store = new BlockStore(_time);

    [Fact]
    public void A_published_block_is_found_by_its_hash_and_no_other()
    {
        var block = BlockOf(1, 2, 3);
        _store.Publish(block, Minute);

        Assert.True(_store.TryFind(block.Hash, out var found));
        Assert.Same(block, found);
        Assert.False(_store.TryFind(BlockOf(1, 2, 4).Hash, out _));
        Assert.Equal((1, 3L), (_store.Count, _store.Bytes));
    }

    [Fact]
    public void It_is_let_go_when_the_last_taker_has_it()
    {
        var block = BlockOf(1);
        _store.Publish(block, Minute, takers: 2);

        _store.Taken(block.Hash);
        Assert.True(_store.TryFind(block.Hash, out _));
        _store.Taken(block.Hash);
        Assert.False(_store.TryFind(block.Hash, out _));
    }

    [Fact]
    public void Without_a_number_of_takers_it_stays_however_many_have_it()
    {
        var block = BlockOf(1);
        _store.Publish(block, Minute);
        for (var i = 0; i < 100; i++) _store.Taken(block.Hash);
        Assert.True(_store.TryFind(block.Hash, out _));
    }

    [Fact]
    public void Its_time_is_over_to_the_moment()
    {
        var block = BlockOf(1);
        _store.Publish(block, Minute);

        _time.Advance(Minute - TimeSpan.FromTicks(1));
        Assert.True(_store.TryFind(block.Hash, out _));
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.False(_store.TryFind(block.Hash, out _));
        Assert.Equal(0, _time.TimerCount);
    }

    [Fact]
    public void Published_again_it_stays_for_the_longer_time_and_the_takers_of_both()
    {
        var block = BlockOf(1);
        _store.Publish(block, Minute, takers: 1);
        _store.Publish(BlockOf(1), 2 * Minute, takers: 1);
        _store.Publish(BlockOf(1), Minute / 2, takers: 1);

        _store.Taken(block.Hash);
        _store.Taken(block.Hash);
        _time.Advance(1.5 * Minute);
        Assert.True(_store.TryFind(block.Hash, out _));
        _store.Taken(block.Hash);
        Assert.False(_store.TryFind(block.Hash, out _));
    }

    [Fact]
    public void Withdrawing_takes_one_publication_back()
    {
        var block = BlockOf(1);
        _store.Publish(block, Minute);
        _store.Publish(block, Minute);

        _store.Withdraw(block.Hash);
        Assert.True(_store.TryFind(block.Hash, out _));
        _store.Withdraw(block.Hash);
        Assert.False(_store.TryFind(block.Hash, out _));
    }

    [Fact]
    public void What_is_said_of_a_block_already_let_go_changes_nothing()
    {
        var block = BlockOf(1);
        _store.Taken(block.Hash);
        _store.Withdraw(block.Hash);
        _store.Publish(block, Minute, takers: 1);
        Assert.True(_store.TryFind(block.Hash, out _));
    }

    [Fact]
    public void What_came_after_a_block_was_let_go_has_a_time_of_its_own()
    {
        var block = BlockOf(1);
        _store.Publish(block, Minute, takers: 1);
        _time.Advance(Minute / 2);
        _store.Taken(block.Hash);
        _store.Publish(block, Minute, takers: 1);

        _time.Advance(0.75 * Minute);
        Assert.True(_store.TryFind(block.Hash, out _));
    }

    [Fact]
    public void Disposed_it_has_nothing_and_takes_nothing()
    {
        var block = BlockOf(1);
        _store.Publish(block, Minute);
        _store.Dispose();

        Assert.False(_store.TryFind(block.Hash, out _));
        Assert.Equal(0, _time.TimerCount);
        Assert.Throws<ObjectDisposedException>(() => _store.Publish(block, Minute));
    }

    [Fact]
    public void No_time_and_no_taker_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => _store.Publish(BlockOf(1), TimeSpan.Zero));
        Assert.Throws<ArgumentOutOfRangeException>(() => _store.Publish(BlockOf(1), Minute, takers: 0));
    }

    public void Dispose() => _store.Dispose();

    static Block BlockOf(params byte[] bytes) => new([bytes]);
}
