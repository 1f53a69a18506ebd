using System.CommandLine;
using System.CommandLine.Parsing;
using DistTrain.Node.Cluster;
using DistTrain.Node.CommandLine;
using DistTrain.Node.Hosting;

namespace DistTrain.Node.Tests.CommandLine;

public sealed class NodeOptionsTests
{
    [Fact]
    public void Nothing_typed_gives_the_defaults_of_the_role()
    {
        Assert.Equal(
            new ClusterNodeOptions { Role = NodeRoles.Coordinator, Port = 4053 }, Read(NodeRoles.Coordinator, "").Node with { Join = [] });
        Assert.Equal(new ClusterNodeOptions { Role = NodeRoles.Worker }, Read(NodeRoles.Worker, "").Node with { Join = [] });
    }

    [Fact]
    public void Everything_typed_arrives()
    {
        var (node, format, _) = Read(
            NodeRoles.Worker,
            "--host h --bind 0.0.0.0 --port 1 --http-port 2 --join a:1,b:2 --join c:3 --threads 3 --cache d --join-timeout 5s --fan-out 4 " +
            "--audit 0.5 --log-format json --stay --insecure");

        Assert.Equal("a:1 b:2 c:3", string.Join(' ', node.Join));
        Assert.Equal(
            new ClusterNodeOptions
            {
                Role = NodeRoles.Worker,
                Host = "h",
                Bind = "0.0.0.0",
                Port = 1,
                HttpPort = 2,
                Threads = 3,
                Cache = "d",
                JoinTimeout = TimeSpan.FromSeconds(5),
                FanOut = 4,
                Audit = 0.5,
                Stay = true,
                Insecure = true,
            },
            node with { Join = [] });
        Assert.Equal(LogFormat.Json, format);
    }

    [Fact]
    public void What_the_other_role_takes_its_part_from_is_typed_in_vain_and_that_is_said()
    {
        Assert.Equal("--threads, --stay have no meaning for a coordinator", Read(NodeRoles.Coordinator, "--stay --threads 2").Warning);
        Assert.Equal("--audit has no meaning for a worker", Read(NodeRoles.Worker, "--audit 1 --stay").Warning);
        Assert.Null(Read(NodeRoles.Worker, "--stay").Warning);
    }

    static (ClusterNodeOptions Node, LogFormat Format, string? Warning) Read(string role, string line)
    {
        var options = new NodeOptions(role);
        var command = new Command(role);
        options.AddTo(command);
        var parsed = CommandLineParser.Parse(command, line, CommandProgram.Parsing);
        Assert.Empty(parsed.Errors);
        return (options.Read(parsed), options.LogFormatOf(parsed), options.Warning(parsed));
    }
}
