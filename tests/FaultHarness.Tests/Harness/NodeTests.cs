using DistTrain.FaultHarness.Processes;

namespace DistTrain.FaultHarness.Tests.Harness;

/// <summary>With a shell in the place of the product.</summary>
public sealed class NodeTests : IDisposable
{
    static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_killed_node_is_started_again()
    {
        using var node = Shell("echo alive; exec tail -f /dev/null");
        node.Start();
        await SeenAsync(node, "alive", 1);

        node.Kill();
        Assert.Equal((false, 137), (node.IsRunning, node.ExitCode));

        node.Start();
        await SeenAsync(node, "alive", 2);
        Assert.Null(node.ExitCode);
    }

    [Fact]
    public async Task A_paused_node_says_nothing_until_it_goes_on()
    {
        using var node = Shell("trap 'kill $!; echo told; exit 143' TERM; echo alive; tail -f /dev/null & wait");
        node.Start();
        await SeenAsync(node, "alive", 1);

        node.Pause();
        node.Leave();
        Assert.Equal((true, true), (node.IsRunning, node.HasLeft));
        node.Continue();

        Assert.True(await Waiting.UntilAsync(() => node.ExitCode == 143, Deadline, CancellationToken.None));
        await SeenAsync(node, "told", 1);
    }

    Node Shell(string script) => new("node", Place.Here, ["bash", "-c", script], _folder);

    static async Task SeenAsync(Node node, string line, int count) =>
        Assert.True(await Waiting.UntilAsync(() => CountOf(node, line) == count, Deadline, CancellationToken.None));

    static int CountOf(Node node, string line) =>
        File.ReadLines(node.LogPath).Count(text => text.EndsWith($" {line}", StringComparison.Ordinal));
}
