using DistTrain.Coordinator.Cluster;
using DistTrain.Protocol;
using DistTrain.Protocol.Blocks;

namespace DistTrain.Coordinator.Tests.Cluster;

public sealed class ParametersPeersTests
{
    const string Origin = "http://coordinator:1";

    readonly ParametersPeers _peers = new(fanOut: 2, TimeProvider.System);

    [Fact]
    public async Task Few_workers_are_all_sent_to_the_coordinator_and_share_nothing()
    {
        foreach (var worker in new[] { "a", "b" }) _peers.Enter(worker);
        var offered = Offered("h1");

        foreach (var worker in new[] { "a", "b" }) Assert.Same(offered, await _peers.ShareAsync(offered, Address(worker), default));
    }

    [Fact]
    public async Task What_travels_within_a_message_is_not_shared()
    {
        foreach (var worker in new[] { "a", "b", "c" }) _peers.Enter(worker);
        var offered = new ParametersOffered(new RunId("r"), Term.First, 1, new BlockPassing(new byte[8], null));

        Assert.Same(offered, await _peers.ShareAsync(offered, Address("a"), default));
    }

    [Fact]
    public async Task Later_workers_wait_for_one_that_has_the_block_and_fetch_from_it()
    {
        foreach (var worker in new[] { "a", "b", "c", "d" }) _peers.Enter(worker);

        var first = await Task.WhenAll(new[] { "a", "b" }.Select(worker => _peers.ShareAsync(Offered("h1"), Address(worker), default)));
        var third = _peers.ShareAsync(Offered("h1"), Address("c"), default);
        var fourth = _peers.ShareAsync(Offered("h1"), Address("d"), default);
        Assert.All(first, offered => Assert.Equal([Origin], SourcesOf(offered)));
        Assert.All(first, offered => Assert.True(offered.IsShared));
        Assert.False(third.IsCompleted || fourth.IsCompleted);

        _peers.Has("h1", Address("b"));

        Assert.Equal([Address("b"), Origin], SourcesOf(await third));
        Assert.Equal([Address("b"), Origin], SourcesOf(await fourth));
    }

    [Fact]
    public async Task A_worker_that_gives_no_blocks_is_not_asked_to()
    {
        foreach (var worker in new[] { "a", "b", "c" }) _peers.Enter(worker);

        Assert.False((await _peers.ShareAsync(Offered("h1"), address: null, default)).IsShared);
    }

    [Fact]
    public async Task Nobody_is_sent_to_a_worker_that_is_gone()
    {
        foreach (var worker in new[] { "a", "b", "c", "d" }) _peers.Enter(worker);
        foreach (var worker in new[] { "a", "b" }) await _peers.ShareAsync(Offered("h1"), Address(worker), default);
        _peers.Has("h1", Address("a"));
        _peers.Has("h1", Address("b"));

        _peers.Leave("a", Address("a"));

        Assert.Equal([Address("b"), Origin], SourcesOf(await _peers.ShareAsync(Offered("h1"), Address("c"), default)));
    }

    [Fact]
    public async Task Who_waits_in_vain_is_sent_to_the_coordinator()
    {
        foreach (var worker in new[] { "a", "b", "c" }) _peers.Enter(worker);
        foreach (var worker in new[] { "a", "b" }) await _peers.ShareAsync(Offered("h1"), Address(worker), default);

        var offered = await _peers.ShareAsync(Offered("h1"), Address("c"), default).WaitAsync(TimeSpan.FromSeconds(20));

        Assert.Equal([Origin], SourcesOf(offered));
    }

    [Fact]
    public async Task Who_is_no_longer_wanted_waits_no_longer()
    {
        foreach (var worker in new[] { "a", "b", "c" }) _peers.Enter(worker);
        foreach (var worker in new[] { "a", "b" }) await _peers.ShareAsync(Offered("h1"), Address(worker), default);
        using var stop = new CancellationTokenSource();

        var waiting = _peers.ShareAsync(Offered("h1"), Address("c"), stop.Token);
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    static string Address(string worker) => $"http://{worker}:2";

    static ParametersOffered Offered(string hash) =>
        new(new RunId("r"), Term.First, 1, new BlockPassing(default, new Ticket(hash, 100_000, [Origin])));

    static string[] SourcesOf(ParametersOffered offered) => [.. offered.Numbers!.Value.Ticket!.Sources];
}
