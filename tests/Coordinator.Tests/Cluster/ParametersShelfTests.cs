using DistTrain.Coordinator.Cluster;
using DistTrain.Learning;
using DistTrain.Node.Blocks;
using DistTrain.Node.Cluster;
using DistTrain.Node.Compute;
using DistTrain.Protocol;

namespace DistTrain.Coordinator.Tests.Cluster;

public sealed class ParametersShelfTests : IDisposable
{
    static readonly ModelShape Large = new(3, 5_000, 0);

    readonly BlockStore _store = new();
    readonly ComputeThreads _encoder = new("encoder", 1);
    readonly ParametersShelf _shelf;

    public ParametersShelfTests() => _shelf = new ParametersShelf(
        new BlockExchange(_store, new BlockClient(), () => "http://127.0.0.1:1", new FetchBudget(1 << 20)), _encoder, new PublishedWeights());

    public void Dispose()
    {
        _shelf.Clear();
        _encoder.Dispose();
        _store.Dispose();
    }

    [Fact]
    public async Task A_version_is_offered_once_and_stays_until_two_newer_ones_are_there()
    {
        var first = await OfferAsync(1);
        Assert.Same(first.Numbers!.Value.Ticket, (await OfferAsync(1)).Numbers!.Value.Ticket);
        await OfferAsync(2);
        Assert.True(_store.TryFind(first.Numbers.Value.Ticket!.Hash, out _));

        await OfferAsync(3);

        Assert.False(_store.TryFind(first.Numbers.Value.Ticket.Hash, out _));
    }

    [Fact]
    public async Task A_version_that_comes_after_a_newer_one_is_refused()
    {
        await OfferAsync(2);

        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => OfferAsync(1));

        Assert.Equal("parameters 1 come after parameters 2", refusal.Message);
    }

    Task<ParametersOffered> OfferAsync(long version)
    {
        var parameters = new Parameters(Large);
        parameters.Values[0] = version;
        return _shelf.OfferAsync(new ParametersPublished(new RunId("run"), Term.First, version, parameters));
    }
}
