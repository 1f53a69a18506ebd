using System.Net;
using System.Net.Sockets;
using DistTrain.Cli.Tests.Testing;
using DistTrain.Node.CommandLine;
using DistTrain.Problems;

namespace DistTrain.Cli.Tests;

/// <summary>What a worker says where there is no coordinator.</summary>
public sealed class WorkerCommandTests : IDisposable
{
    const string Nowhere = "--join 127.0.0.1:1";

    readonly CliFolder _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task It_asks_for_as_long_as_it_may_and_ends_with_5()
    {
        var result = await _cli.Run($"worker {Nowhere} --join-timeout 1s");

        Assert.Equal(ExitCode.Cluster, result.Code);
        Assert.Contains("error DT5010: no coordinator answered at 127.0.0.1:1 for 1 s\n", result.Error, StringComparison.Ordinal);
        Assert.Empty(result.Output);
    }

    [Fact]
    public async Task A_signal_ends_it_at_any_time()
    {
        using var stop = new StopSignal();
        var run = _cli.Run($"worker {Nowhere}", environment => environment with { Stop = stop });
        stop.Raise(ExitCode.Terminated);
        var result = await run;

        Assert.Equal(ExitCode.Terminated, result.Code);
        Assert.StartsWith("stopped by SIGTERM", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_beyond_this_machine_is_refused_for_security_with_all_other_problems()
    {
        var result = await _cli.Run("worker --bind 0.0.0.0 --threads 0");

        Assert.Equal(ExitCode.Security, result.Code);
        Assert.StartsWith("error DT8001: --bind 0.0.0.0 ", result.Error, StringComparison.Ordinal);
        Assert.Contains("\nerror DT3032: a worker needs --join\n", result.Error, StringComparison.Ordinal);
        Assert.Contains("--threads", result.Error, StringComparison.Ordinal);
    }

    [Theory, InlineData("--port"), InlineData("--http-port")]
    public async Task A_port_that_is_taken_is_named(string option)
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;

        var result = await _cli.Run($"worker {Nowhere} {option} {port} --join-timeout 5s");

        Assert.Equal(ExitCode.Configuration, result.Code);
        Assert.Contains($"error DT3034: cannot listen at 127.0.0.1, port {(option == "--port" ? $"{port} or 0" : $"0 or {port}")}: ",
            result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Options_that_only_a_coordinator_takes_its_part_from_are_warned_about()
    {
        var result = await _cli.Run($"worker {Nowhere} --join-timeout 10ms --fan-out 3 --audit 0.5");

        Assert.Equal(ExitCode.Cluster, result.Code);
        Assert.StartsWith("warning: --fan-out, --audit have no meaning for a worker\n", result.Error, StringComparison.Ordinal);
    }
}
