using DistTrain.Node.Cluster;
using DistTrain.Problems;

namespace DistTrain.Node.Tests.Cluster;

/// <summary>What a node's description may say.</summary>
public class ClusterNodeOptionsTests
{
    static readonly ClusterNodeOptions Worker = new() { Role = NodeRoles.Worker, Join = ["127.0.0.1:4053"] };
    static readonly ClusterNodeOptions Coordinator = new() { Role = NodeRoles.Coordinator, Port = 4053 };

    [Fact]
    public void The_defaults_stay_on_this_machine_and_have_no_problem()
    {
        Assert.Empty(Worker.Problems());
        Assert.Empty(Coordinator.Problems());
        Assert.Empty(Worker.Warnings());
    }

    [Theory, InlineData("0.0.0.0"), InlineData("10.1.2.3"), InlineData("::")]
    public void An_address_that_others_reach_is_refused_unless_insecure_is_typed(string bind)
    {
        var open = Coordinator with { Bind = bind };
        var problem = Assert.Single(open.Problems());
        Assert.Equal(("DT8001", ExitCode.Security), (problem.Code, problem.ExitCode));
        Assert.StartsWith($"--bind {bind} ", problem.Message, StringComparison.Ordinal);

        var insecure = open with { Insecure = true, Host = "node-1" };
        Assert.Empty(insecure.Problems());
        Assert.Contains("in the clear", Assert.Single(insecure.Warnings()), StringComparison.Ordinal);
    }

    [Theory, InlineData("127.0.0.1"), InlineData("127.0.0.9"), InlineData("::1"), InlineData("localhost")]
    public void Loopback_is_open_to_nobody_else(string bind) => Assert.Empty((Coordinator with { Bind = bind }).Problems());

    [Fact]
    public void Joining_another_machine_is_refused_unless_insecure_is_typed()
    {
        var far = Worker with { Join = ["127.0.0.1:4053", "coord-1:4053"] };
        var problem = Assert.Single(far.Problems());
        Assert.Equal("DT8001", problem.Code);
        Assert.StartsWith("--join coord-1:4053 ", problem.Message, StringComparison.Ordinal);
        Assert.Empty((far with { Insecure = true }).Problems());
    }

    [Fact]
    public void Who_is_open_to_others_and_called_by_a_loopback_name_is_warned() => Assert.Contains(
        (Coordinator with { Bind = "0.0.0.0", Insecure = true }).Warnings(),
        warning => warning.EndsWith("at 127.0.0.1: name it with --host", StringComparison.Ordinal));

    [Theory, InlineData("here", "127.0.0.1"), InlineData("127.0.0.1", "0.0.0.0"), InlineData("127.0.0.1", ""), InlineData("127.0.0.1", "a b")]
    public void What_is_no_address_is_refused(string bind, string host) => Assert.Equal(
        "DT3031", Assert.Single((Coordinator with { Bind = bind, Host = host, Insecure = true }).Problems()).Code);

    [Theory, InlineData("coord"), InlineData("coord:"), InlineData(":4053"), InlineData("coord:0"), InlineData("coord:65536"), InlineData("a:b:1")]
    public void A_join_address_has_a_host_and_a_port(string address)
    {
        var problem = Assert.Single((Worker with { Join = [address] }).Problems());
        Assert.Equal("DT3032", problem.Code);
        Assert.Contains(address, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_worker_needs_somebody_to_join() =>
        Assert.Equal("DT3032", Assert.Single((Worker with { Join = [] }).Problems()).Code);

    [Fact]
    public void A_candidate_is_in_its_own_list()
    {
        var candidate = Coordinator with { Join = ["127.0.0.1:4054", "127.0.0.1:4053"] };
        Assert.Empty(candidate.Problems());
        Assert.Equal("DT3033", Assert.Single((candidate with { Port = 4055 }).Problems()).Code);
    }

    [Fact]
    public void All_faults_are_told_at_once_security_first()
    {
        var problems = (Worker with
        {
            Bind = "10.0.0.1",
            Port = 70_000,
            HttpPort = -1,
            Threads = 0,
            JoinTimeout = TimeSpan.Zero,
            FanOut = 0,
            Audit = double.NaN,
        }).Problems().ToArray();

        Assert.Equal("DT8001", problems[0].Code);
        Assert.All(problems[1..], problem => Assert.Equal("DT3030", problem.Code));
        Assert.Equal(
            ["--port is 70000", "--http-port is -1", "--threads is 0", "--join-timeout is 00:00:00", "--fan-out is 0", "--audit is NaN"],
            problems[1..].Select(problem => problem.Message));
    }

    [Fact]
    public void A_door_is_found_by_host_and_port() =>
        Assert.Equal("akka.tcp://disttrain@coord-1:4053/user/door", NodeEndpoint.Parse("coord-1:4053")!.Door.ToString());
}
