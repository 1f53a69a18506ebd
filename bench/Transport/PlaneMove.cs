using DistTrain.Node.Blocks;
using DistTrain.Protocol.Blocks;
using Microsoft.Extensions.Logging.Abstractions;

namespace DistTrain.Bench.Transport;

/// <summary>The data plane as nodes use it: published, fetched by ticket, hashed at both ends.</summary>
sealed class PlaneMove : IMove
{
    static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    readonly BlockStore _store = new();
    readonly BlockPlane _plane;
    readonly BlockClient _client = new();

    PlaneMove() => _plane = new BlockPlane(new BlockPlaneOptions(), _store, [], [], new NodeReadiness(), NullLoggerFactory.Instance);

    public string Name => "data plane";

    public static async Task<PlaneMove> Start()
    {
        var move = new PlaneMove();
        await move._plane.StartAsync(CancellationToken.None);
        return move;
    }

    public Task Move(ReadOnlyMemory<byte> from, Memory<byte> to) => Move(new Block([from]), async (_, fill, stop) =>
    {
        await fill(to, stop);
        return true;
    });

    /// <summary>Publishes a block, fetches it, and takes it out again.</summary>
    public async Task<T> Move<T>(Block block, Func<long, BlockFill, CancellationToken, ValueTask<T>> read)
    {
        _store.Publish(block, Deadline, takers: 1);
        var got = await _client.FetchAsync(new Ticket(block.Hash, block.Length, [_plane.Address]), read, Deadline, CancellationToken.None);
        _store.Taken(block.Hash);
        return got;
    }

    public async ValueTask DisposeAsync()
    {
        await _plane.StopAsync(CancellationToken.None);
        await _plane.DisposeAsync();
        _store.Dispose();
    }
}
