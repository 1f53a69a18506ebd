using System.Collections.Immutable;
using System.CommandLine;
using DistTrain.Node.Cluster;
using DistTrain.Node.Hosting;

namespace DistTrain.Node.CommandLine;

/// <summary>The options of a node of a cluster: where it is reached, whom it joins, how patient it is.</summary>
/// <param name="role">One of <see cref="NodeRoles"/>. Both take all of them, so that nodes can be started alike.</param>
sealed class NodeOptions(string role)
{
    /// <summary>What these options are called, and the one that only a coordinator has: none of them decides a bit of a run.</summary>
    public static readonly ImmutableArray<string> Names =
    [
        "--min-workers", "--host", "--bind", "--port", "--http-port", "--join", "--threads", "--cache", "--join-timeout", "--fan-out",
        "--audit", "--log-format", "--stay", "--insecure",
    ];

    public Option<string?> Host { get; } = CliOption.Text("--host", "NAME", $"what other nodes reach this one by (default: {Defaults.Host})");

    public Option<string?> Bind { get; } = CliOption.Text(
        "--bind", "ADDRESS", $"address to listen at; any but this machine's own needs --insecure (default: {Defaults.Bind})");

    public Option<int> Port { get; } = CliOption.Count(
        "--port", "port of the actors; 0: any free one", role == NodeRoles.Coordinator ? ClusterNodeOptions.CoordinatorPort : Defaults.Port);

    public Option<int> HttpPort { get; } =
        CliOption.Count("--http-port", "port of data, health and metrics; 0: any free one", Defaults.HttpPort);

    public Option<string[]> Join { get; } = Addresses(role);

    public Option<int?> Threads { get; } = CliOption.OptionalCount("--threads", "compute threads (default: the processors)");

    public Option<string?> Cache { get; } = CliOption.Text("--cache", "DIR", "folder to keep shards in (default: one for temporary files)");

    public Option<TimeSpan?> JoinTimeout { get; } =
        CliOption.OptionalDuration("--join-timeout", "longest time without a coordinator, or without a worker (default: 60s)");

    public Option<int> FanOut { get; } =
        CliOption.Count("--fan-out", "workers served directly before some combine for others", Defaults.FanOut);

    public Option<double> Audit { get; } =
        CliOption.Number("--audit", "share of the shards that two workers compute, compared bit for bit", Defaults.Audit);

    public Option<string?> LogFormat { get; } = CliOption.Choice("--log-format", "form of log lines", "line", "line", "json");

    public Option<bool> Stay { get; } = CliOption.Switch("--stay", "wait for the next run when one has ended");

    public Option<bool> Insecure { get; } =
        CliOption.Switch("--insecure", "talk beyond this machine in the clear: for private networks in which every machine is trusted");

    static ClusterNodeOptions Defaults { get; } = new() { Role = NodeRoles.Worker };

    IEnumerable<Option> All =>
        [Host, Bind, Port, HttpPort, Join, Threads, Cache, JoinTimeout, FanOut, Audit, LogFormat, Stay, Insecure];

    /// <summary>Those that the other role takes its part from.</summary>
    IEnumerable<Option> WithoutMeaning => role == NodeRoles.Coordinator ? [Threads, Cache, Stay] : [FanOut, Audit];

    public void AddTo(Command command)
    {
        foreach (var option in All) command.Add(option);
    }

    /// <summary>All that was typed, with the defaults filled in; its <see cref="ClusterNodeOptions.Problems"/> are still to be asked for.</summary>
    public ClusterNodeOptions Read(ParseResult parsed) => new()
    {
        Role = role,
        Host = parsed.GetValue(Host) ?? Defaults.Host,
        Bind = parsed.GetValue(Bind) ?? Defaults.Bind,
        Port = parsed.GetValue(Port),
        HttpPort = parsed.GetValue(HttpPort),
        Join = [.. parsed.GetValue(Join) ?? []],
        Threads = parsed.GetValue(Threads) ?? Defaults.Threads,
        Cache = parsed.GetValue(Cache),
        JoinTimeout = parsed.GetValue(JoinTimeout) ?? Defaults.JoinTimeout,
        FanOut = parsed.GetValue(FanOut),
        Audit = parsed.GetValue(Audit),
        Stay = parsed.GetValue(Stay),
        Insecure = parsed.GetValue(Insecure),
    };

    /// <summary>The form of log lines that was asked for.</summary>
    public LogFormat LogFormatOf(ParseResult parsed) => Enum.Parse<LogFormat>(parsed.GetValue(LogFormat)!, ignoreCase: true);

    /// <summary>One sentence about what was typed in vain, or null.</summary>
    public string? Warning(ParseResult parsed)
    {
        var typed = WithoutMeaning.Where(option => parsed.GetResult(option) is { Implicit: false }).Select(option => option.Name).ToList();
        return typed.Count == 0 ? null : $"{string.Join(", ", typed)} {(typed.Count == 1 ? "has" : "have")} no meaning for a {role}";
    }

    static Option<string[]> Addresses(string role)
    {
        var join = CliOption.Names("--join", role == NodeRoles.Coordinator
            ? "all coordinator candidates in one order, this one among them (default: it is the only one)"
            : "where coordinator candidates are reached");
        join.HelpName = "HOST:PORT,…";
        return join;
    }
}
