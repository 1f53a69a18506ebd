using DistTrain.Node.Blocks;
using DistTrain.Protocol.Blocks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace DistTrain.Node.Tests.Blocks;

public sealed class BlockPlaneTests
{
    static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_block_published_in_a_host_is_fetched_by_its_ticket()
    {
        using var host = Host.CreateEmptyApplicationBuilder(null).AddPlane().Build();
        await host.StartAsync().WaitAsync(Deadline);
        var bytes = Enumerable.Range(0, 1_000_000).Select(i => (byte)(i * 31)).ToArray();
        var block = new Block([bytes.AsMemory(0, 10), bytes.AsMemory(10)]);
        host.Services.GetRequiredService<BlockStore>().Publish(block, Deadline);

        var address = host.Services.GetRequiredService<BlockPlane>().Address;
        var got = await host.Services.GetRequiredService<IBlockClient>()
            .FetchAsync(new Ticket(block.Hash, block.Length, [address]), ReadAll, Deadline, CancellationToken.None);

        Assert.Equal(bytes, got);
        await host.StopAsync().WaitAsync(Deadline);
    }

    static async ValueTask<byte[]> ReadAll(long length, BlockFill fill, CancellationToken stop)
    {
        var all = new byte[length];
        await fill(all, stop);
        return all;
    }
}

static class PlaneHost
{
    public static HostApplicationBuilder AddPlane(this HostApplicationBuilder builder)
    {
        builder.Services.AddLogging();
        builder.Services.AddBlockPlane(new BlockPlaneOptions());
        return builder;
    }
}
