using System.ComponentModel;
using DistTrain.FaultHarness.Processes;
using Xunit.Abstractions;

namespace DistTrain.FaultHarness.Tests.Harness;

/// <summary>Namespaces need root and a kernel that has them; elsewhere the test says so and passes.</summary>
public sealed class NetworkTests(ITestOutputHelper output)
{
    [Fact]
    public async Task A_host_that_is_cut_off_is_out_of_reach_until_its_link_is_mended()
    {
        if (await CreateAsync() is not { } network) return;
        using var removed = network;
        var (here, there) = (await network.AddHostAsync(CancellationToken.None), await network.AddHostAsync(CancellationToken.None));
        Assert.True(await ReachesAsync(here, there));

        await network.CutAsync(there, CancellationToken.None);
        Assert.False(await ReachesAsync(here, there));

        await network.MendAsync(there, CancellationToken.None);
        Assert.True(await ReachesAsync(here, there));
    }

    async Task<Network?> CreateAsync()
    {
        try
        {
            return await Network.CreateAsync(CancellationToken.None);
        }
        catch (Exception error) when (error is InvalidOperationException or Win32Exception)
        {
            output.WriteLine($"no network namespaces here: {error.Message}");
            return null;
        }
    }

    // Nobody listens there: whoever reaches the host is refused by it, at once.
    static async Task<bool> ReachesAsync(Place from, Place to)
    {
        string[] command = [.. from.Prefix, "timeout", "3", "bash", "-c", $"echo > /dev/tcp/{to.Address}/9"];
        var connect = await Finishing.OfAsync(command, TimeSpan.FromSeconds(20), CancellationToken.None);
        return connect.Errors.Contains("refused", StringComparison.OrdinalIgnoreCase);
    }
}
