using System.Collections.Immutable;
using System.Net;
using DistTrain.Problems;

namespace DistTrain.Node.Cluster;

/// <summary>A node of a cluster, as its command line or settings describe it. Nothing here decides a bit of the result.</summary>
public sealed record ClusterNodeOptions
{
    /// <summary>Port of a coordinator's actors where none is named.</summary>
    public const int CoordinatorPort = 4053;

    /// <summary>One of <see cref="NodeRoles"/>.</summary>
    public required string Role { get; init; }

    /// <summary>Name or IPv4 address that other nodes reach this one by; default 127.0.0.1.</summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>IP address that it listens at, or localhost; default 127.0.0.1. Any other than loopback needs <see cref="Insecure"/>.</summary>
    public string Bind { get; init; } = "127.0.0.1";

    /// <summary>Port of the actors, 0 to 65535; default 0: any free one.</summary>
    public int Port { get; init; }

    /// <summary>Port of data, health and metrics, 0 to 65535; default 0: any free one.</summary>
    public int HttpPort { get; init; }

    /// <summary>
    /// The coordinator candidates as HOST:PORT, the same list in the same order on every node; of a candidate its own is among them, and
    /// none means that it is the only one.
    /// </summary>
    public ImmutableArray<string> Join { get; init; } = [];

    /// <summary>Whether nodes may talk beyond this machine though neither end has a certificate; default false.</summary>
    public bool Insecure { get; init; }

    /// <summary>Compute threads, at least 1; default: the processors.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Folder of a worker's shards; null, the default: one for temporary files.</summary>
    public string? Cache { get; init; }

    /// <summary>Longest time without a coordinator, or without a worker; above 0, default 60 s.</summary>
    public TimeSpan JoinTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Workers that a coordinator serves itself before some combine for others; at least 1, default 16.</summary>
    public int FanOut { get; init; } = 16;

    /// <summary>Share of the shards that is computed twice and compared, 0 to 1; default 0.</summary>
    public double Audit { get; init; }

    /// <summary>Whether a worker waits for the next run when one has ended; default false.</summary>
    public bool Stay { get; init; }

    /// <summary>How patient the cluster is; the same on every node.</summary>
    public ClusterTimings Timings { get; init; } = new();

    /// <summary>The candidates; those that cannot be understood are left out, and are problems.</summary>
    public ImmutableArray<NodeEndpoint> Candidates => [.. Join.Select(NodeEndpoint.Parse).OfType<NodeEndpoint>().Distinct()];

    bool IsCoordinator => Role == NodeRoles.Coordinator;

    /// <summary>What must be said at every start.</summary>
    public IEnumerable<string> Warnings()
    {
        if (!Insecure) yield break;
        yield return "--insecure: nodes talk in the clear, and whoever reaches their ports is trusted: use it in a private network only";
        if (!NodeEndpoint.IsLoopback(Bind) && NodeEndpoint.IsLoopback(Host))
            yield return $"other machines are told to reach this one at {Host}: name it with --host";
    }

    /// <summary>All faults at once, those of security first; empty where the node may start.</summary>
    public IEnumerable<Problem> Problems() => AddressProblems().Concat(JoinProblems()).Concat(RangeProblems());

    IEnumerable<Problem> AddressProblems()
    {
        if (!Insecure && !NodeEndpoint.IsLoopback(Bind)) yield return Unguarded("--bind", Bind);
        foreach (var far in Insecure ? [] : Candidates.Where(candidate => !NodeEndpoint.IsLoopback(candidate.Host)))
            yield return Unguarded("--join", far.ToString());

        if (!IPAddress.TryParse(Bind, out _) && !NodeEndpoint.IsLoopback(Bind))
            yield return Fault("DT3031", $"--bind {Bind} is no address", "expected: an IP address of this machine, or 0.0.0.0 for all");
        if (Uri.CheckHostName(Host) is not (UriHostNameType.Dns or UriHostNameType.IPv4) || Host == "0.0.0.0")
            yield return Fault("DT3031", $"--host {Host} is no name or address to reach this node by", "expected: a host name or IPv4 address");
    }

    IEnumerable<Problem> JoinProblems()
    {
        foreach (var unreadable in Join.Where(text => NodeEndpoint.Parse(text) is null))
            yield return Fault("DT3032", $"--join {unreadable} is no address", "expected: HOST:PORT, such as 127.0.0.1:4053");
        if (Join.IsEmpty && !IsCoordinator)
            yield return Fault("DT3032", "a worker needs --join", "expected: --join HOST:PORT of a coordinator, which prints it when it starts");
        if (!Join.IsEmpty && IsCoordinator && !Candidates.Contains(new NodeEndpoint(Host, Port)))
        {
            yield return Fault(
                "DT3033", FormattableString.Invariant($"--join does not name this coordinator itself, {Host}:{Port}"),
                "expected: all candidates, the same list in the same order for each of them",
                "fix: add it, or make --host and --port those of the list");
        }
    }

    IEnumerable<Problem> RangeProblems()
    {
        if (Port is < 0 or > 65_535) yield return OutOfRange("--port", Port, "0 to 65535, 0 for any free one");
        if (HttpPort is < 0 or > 65_535) yield return OutOfRange("--http-port", HttpPort, "0 to 65535, 0 for any free one");
        if (Threads < 1) yield return OutOfRange("--threads", Threads, "a whole number of at least 1");
        if (JoinTimeout <= TimeSpan.Zero) yield return OutOfRange("--join-timeout", JoinTimeout, "a duration above 0");
        if (FanOut < 1) yield return OutOfRange("--fan-out", FanOut, "a whole number of at least 1");
        if (Audit is not (>= 0 and <= 1)) yield return OutOfRange("--audit", Audit, "a number from 0 to 1");
    }

    static Problem Unguarded(string option, string address) => new(
        "DT8001", ExitCode.Security, $"{option} {address} is not this machine, and nodes have no certificates yet",
        "expected: a loopback address such as 127.0.0.1",
        "fix: stay on one machine, or type --insecure in a private network in which every machine is trusted");

    static Problem OutOfRange(string option, object found, string expected) =>
        Fault("DT3030", FormattableString.Invariant($"{option} is {found}"), $"expected: {expected}");

    static Problem Fault(string code, string message, params string[] details) => new(code, ExitCode.Configuration, message, details);
}
