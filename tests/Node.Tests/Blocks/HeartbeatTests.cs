using DistTrain.Node.Blocks;
using DistTrain.Protocol.Blocks;
using Xunit.Abstractions;

namespace DistTrain.Node.Tests.Blocks;

public sealed class HeartbeatTests(ITestOutputHelper output)
{
    const int Bytes = 100_000_000;

    /// <summary>A node that is silent for so long is taken for lost; the default of Akka.Cluster, and less than ours.</summary>
    static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(3);

    static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Heartbeats_stay_on_time_while_100_MB_move_on_the_data_plane()
    {
        await using var plane = await RunningPlane.Start();
        await using var canary = new HeartbeatCanary();
        var block = plane.Publish(new byte[Bytes]);
        var room = new byte[Bytes];

        var delays = await canary.During(() => new BlockClient().FetchAsync(
            new Ticket(block.Hash, block.Length, [plane.Address]), FillRoom, Deadline, CancellationToken.None));

        output.WriteLine($"{delays.Count} heartbeats, the slowest took {delays.Max().TotalMilliseconds:0.0} ms.");
        Assert.DoesNotContain(delays, delay => delay > PauseMax);

        async ValueTask<bool> FillRoom(long length, BlockFill fill, CancellationToken stop)
        {
            await fill(room, stop);
            return true;
        }
    }
}
