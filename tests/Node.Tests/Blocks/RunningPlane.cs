using DistTrain.Node.Blocks;
using DistTrain.Protocol.Blocks;
using Microsoft.Extensions.Logging.Abstractions;

namespace DistTrain.Node.Tests.Blocks;

/// <summary>A data plane on a free port of loopback, and all that it gives.</summary>
sealed class RunningPlane : IAsyncDisposable
{
    readonly BlockPlane _plane;

    RunningPlane(BlockPlaneOptions options) =>
        _plane = new BlockPlane(options, Store, [Files], [Weights], Readiness, NullLoggerFactory.Instance);

    public BlockStore Store { get; } = new();

    public PublishedFiles Files { get; } = new();

    public PublishedWeights Weights { get; } = new();

    public NodeReadiness Readiness { get; } = new();

    public string Address => _plane.Address;

    public int Port => new Uri(Address).Port;

    public static async Task<RunningPlane> Start(BlockPlaneOptions? options = null)
    {
        var running = new RunningPlane(options ?? new BlockPlaneOptions());
        await running._plane.StartAsync(CancellationToken.None);
        return running;
    }

    /// <summary>Publishes some bytes and gives their block.</summary>
    public Block Publish(params byte[] bytes)
    {
        var block = new Block([bytes]);
        Store.Publish(block, TimeSpan.FromMinutes(5));
        return block;
    }

    public async ValueTask DisposeAsync()
    {
        await _plane.StopAsync(CancellationToken.None);
        await _plane.DisposeAsync();
        Store.Dispose();
    }
}
