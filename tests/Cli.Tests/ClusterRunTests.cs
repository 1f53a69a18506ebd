using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using DistTrain.Cli.Tests.Testing;
using DistTrain.Coordinator.Commands;
using DistTrain.Node.CommandLine;
using DistTrain.Problems;

namespace DistTrain.Cli.Tests;

/// <summary>coordinator and worker as commands, each with an actor system of its own, over sockets of this machine.</summary>
public sealed class ClusterRunTests : IDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    readonly CliFolder _cli = new();
    readonly int _port = FreePort();

    public void Dispose() => _cli.Dispose();

    [Theory]
    [InlineData("sample:preferences,rows=2000 --shards 8 --seed 3")]
    [InlineData("sample:dense,rows=2000,features=16,classes=3 --shards 8 --storage bf16")]
    public async Task Workers_of_a_cluster_give_the_bits_of_train(string run)
    {
        var alone = (await _cli.Run($"train {run} --out alone --json")).Done();

        var workers = new[] { Worker(), Worker() };
        var conducted = (await Coordinator($"{run} --min-workers 2 --out r --json")).Done();

        Assert.Equal(Hash(alone), Hash(conducted));
        Assert.Equal(2, conducted.Json.GetProperty("workers").GetInt32());
        Assert.Equal([ExitCode.Done, ExitCode.Done], (await Task.WhenAll(workers)).Select(worker => worker.Code));
        Assert.True(File.Exists(_cli.PathOf("r/report.html")));
        Assert.True(File.Exists(_cli.PathOf("r/dataset/manifest.json")));
    }

    [Fact]
    public async Task A_coordinator_that_was_stopped_goes_on_when_it_is_started_again_and_its_workers_find_it()
    {
        const string Run = "sample:preferences,rows=4000 --shards 8 --tolerance 0 --max-steps 40 --checkpoint-every 1steps";
        var alone = (await _cli.Run($"train {Run} --out alone --json")).Done();

        var worker = Worker();
        using var stop = new StopSignal();
        var first = Coordinator($"{Run} --out r", stop);
        await Until(() => Events("r").Any(json => json.GetProperty("event").GetString() == "checkpoint"));
        stop.Raise(ExitCode.Terminated);
        var stopped = await first;
        Assert.Equal(ExitCode.Terminated, stopped.Code);
        Assert.Matches(@"\nstopped at step [0-9]+ by SIGTERM; .*; to go on: disttrain coordinator --resume r\n", stopped.Error);

        var resumed = (await Coordinator($"{Run} --out r --json")).Done();

        Assert.Equal(Hash(alone), Hash(resumed));
        Assert.True(resumed.Json.GetProperty("resumedFromStep").GetInt32() > 0);
        Assert.Equal(ExitCode.Done, (await worker).Code);
        Assert.Equal([1, 2], Events("r").Where(IsStart).Select(json => json.GetProperty("term").GetInt32()));
    }

    [Fact]
    public async Task Workers_hear_of_the_end_from_who_finds_the_run_finished_when_its_turn_comes()
    {
        const string Run = "sample:preferences,rows=500";
        var alone = (await _cli.Run($"train {Run} --out alone --json")).Done();

        var worker = Worker();
        var candidate = Coordinator($"{Run} --out r --json");
        await Until(() => File.Exists(_cli.PathOf("r/dataset/manifest.json"))); // Written before it has an actor system.
        Directory.Move(_cli.PathOf("alone/model"), _cli.PathOf("r/model"));
        File.Move(_cli.PathOf("alone/result.json"), _cli.PathOf("r/result.json"));

        Assert.Equal(alone.Output, (await candidate).Done().Output);
        Assert.Equal(ExitCode.Done, (await worker).Code);
    }

    [Fact]
    public async Task A_candidate_with_other_data_is_refused_before_anyone_has_reigned()
    {
        const string Run = "sample:preferences,rows=500";
        var second = FreePort();
        var candidates = $"--join 127.0.0.1:{_port},127.0.0.1:{second} --http-port 0 --out r";
        using var stop = new StopSignal();
        // The candidate that is to begin the cluster is not there: this one waits for its turn.
        var waiting = _cli.Run($"coordinator {Run} --port {second} {candidates}", environment => environment with { Stop = stop });
        await Until(() => File.Exists(_cli.PathOf("r/dataset/manifest.json")));
        var manifest = File.ReadAllText(_cli.PathOf("r/dataset/manifest.json"));

        var other = await _cli.Run($"coordinator {Run},seed=2 --port {_port} {candidates} --join-timeout 1s");
        stop.Raise(ExitCode.Terminated);
        await waiting;

        Assert.Equal(ExitCode.Configuration, other.Code);
        Assert.Contains("error DT3222: --out r: the input is no longer what the run was begun with\n", other.Error, StringComparison.Ordinal);
        Assert.Equal(manifest, File.ReadAllText(_cli.PathOf("r/dataset/manifest.json")));
    }

    [Fact]
    public async Task The_program_takes_what_is_not_typed_from_its_settings()
    {
        _cli.Write("appsettings.json", """
            {
              "Node": { "Port": 0, "HttpPort": 0, "JoinTimeout": "1s" },
              "Coordinator": { "Input": [ "sample:preferences,rows=500" ], "L2": "1e-2", "Out": "elsewhere", "Seed": 4 }
            }
            """);
        using var stop = new StopSignal();
        var environment = Environment(stop);

        var code = await NodeProgram.RunAsync(["--out", "r"], CoordinatorRoot.CommandName, "Coordinator", CoordinatorRoot.Create, environment);

        Assert.Equal(ExitCode.Cluster, code);
        var options = _cli.ReadJson("r/options.json").GetProperty("options");
        Assert.Equal("settings", options.GetProperty("l2").GetProperty("origin").GetString());
        Assert.Equal(0.01, options.GetProperty("l2").GetProperty("value").GetDouble());
        Assert.Equal("command line", options.GetProperty("out").GetProperty("origin").GetString());
    }

    [Fact]
    public async Task Everything_on_stderr_is_json_where_that_is_asked_for()
    {
        var result = await Coordinator("sample:preferences,rows=500 --join-timeout 1s --log-format json --stay --out r");

        var talk = result.Error[..result.Error.IndexOf("error DT5001", StringComparison.Ordinal)];
        var lines = talk.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize<JsonElement>(line)).ToList();
        Assert.Contains(lines, line => line.GetProperty("Message").GetString()!.StartsWith("worker    disttrain worker --join", StringComparison.Ordinal));
        Assert.Equal("Warning", lines.Single(line => line.GetProperty("Message").GetString()!.Contains("--stay", StringComparison.Ordinal))
            .GetProperty("LogLevel").GetString());
    }

    Task<CliResult> Worker() => _cli.Run($"worker --join 127.0.0.1:{_port} --port 0 --threads 1 --join-timeout 30s");

    Task<CliResult> Coordinator(string line, StopSignal? stop = null) => _cli.Run(
        $"coordinator --port {_port} --http-port 0 {line}",
        environment => environment with { Stop = stop ?? environment.Stop });

    CliEnvironment Environment(StopSignal stop) => new()
    {
        Output = new StringWriter { NewLine = "\n" },
        Error = new StringWriter { NewLine = "\n" },
        ErrorIsTerminal = false,
        Variable = _ => null,
        Directory = _cli.Root,
        Clock = TimeProvider.System,
        Stop = stop,
    };

    /// <summary>The whole lines so far.</summary>
    IReadOnlyList<JsonElement> Events(string run)
    {
        var path = _cli.PathOf($"{run}/events.jsonl");
        if (!File.Exists(path)) return [];
        using var file = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        var text = file.ReadToEnd();
        return [.. text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonSerializer.Deserialize<JsonElement>(line))];
    }

    static bool IsStart(JsonElement json) => json.GetProperty("event").GetString() is "started" or "resumed";

    static string? Hash(CliResult result) => result.Json.GetProperty("parametersSha256").GetString();

    static async Task Until(Func<bool> condition)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        using var deadline = new CancellationTokenSource(Patience);
        while (!condition()) await timer.WaitForNextTickAsync(deadline.Token);
    }

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
