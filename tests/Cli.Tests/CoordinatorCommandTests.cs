using System.Net;
using System.Net.Sockets;
using DistTrain.Cli.Tests.Testing;
using DistTrain.Problems;

namespace DistTrain.Cli.Tests;

/// <summary>What a coordinator says before, and without, any worker.</summary>
public sealed class CoordinatorCommandTests : IDisposable
{
    const string Sample = "sample:preferences,rows=500";
    const string AnyPort = "--port 0 --http-port 0";

    readonly CliFolder _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task Without_workers_it_ends_with_5_after_its_patience_and_says_how_to_start_one()
    {
        var result = await _cli.Run($"coordinator {Sample} {AnyPort} --join-timeout 1s --out r --json");

        Assert.Equal(ExitCode.Cluster, result.Code);
        Assert.Matches(@"(^|\n)worker    disttrain worker --join 127\.0\.0\.1:[0-9]+\n", result.Error);
        Assert.Contains("\nerror DT5001: 0 of 1 workers joined within 1 s\n", result.Error, StringComparison.Ordinal);
        Assert.Equal("DT5001", result.Json.GetProperty("error").GetProperty("code").GetString());
        Assert.Contains("\"event\":\"failed\"", File.ReadAllText(_cli.PathOf("r/events.jsonl")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_beyond_this_machine_is_refused_for_security()
    {
        var result = await _cli.Run($"coordinator {Sample} --bind 0.0.0.0 --min-workers 0");

        Assert.Equal(ExitCode.Security, result.Code);
        Assert.StartsWith("error DT8001: --bind 0.0.0.0 ", result.Error, StringComparison.Ordinal);
        Assert.Contains("\nerror DT3001: --min-workers is 0\n", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_named()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;

        var result = await _cli.Run($"coordinator {Sample} --port {port} --join-timeout 1s --out r");

        Assert.Equal(ExitCode.Configuration, result.Code);
        Assert.Contains($"error DT3034: cannot listen at 127.0.0.1, port {port} or 0: ", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Candidates_need_a_run_folder_that_they_share()
    {
        var result = await _cli.Run($"coordinator {Sample} --join 127.0.0.1:4053,127.0.0.1:4054");

        Assert.Equal(ExitCode.Configuration, result.Code);
        Assert.StartsWith("error DT3035: several coordinator candidates", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Folds_are_not_there_yet()
    {
        var result = await _cli.Run($"coordinator {Sample} --folds 3");

        Assert.Equal(ExitCode.CommandLine, result.Code);
        Assert.StartsWith("error DT2002: --folds of a coordinator is not available in this version\n", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dry_run_checks_and_starts_nothing()
    {
        var result = (await _cli.Run($"coordinator {Sample} --dry-run --min-workers 3")).Done();

        Assert.Contains("3 workers", result.Output, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_cli.Root));
    }

    [Fact]
    public async Task Options_that_only_a_worker_or_train_takes_its_part_from_are_warned_about()
    {
        var result = (await _cli.Run($"coordinator {Sample} --dry-run --stay --workers 3")).Done();

        Assert.Contains("warning: --stay has no meaning for a coordinator\n", result.Error, StringComparison.Ordinal);
        Assert.Contains("warning: --workers has no meaning for a coordinator: ", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_finished_run_gives_its_stored_result_at_once()
    {
        var trained = (await _cli.Run($"train {Sample} --l2 1e-3 --seed 5 --out r --json")).Done();

        var again = (await _cli.Run($"coordinator {Sample} --l2 1e-3 --seed 5 --out r --json")).Done();

        Assert.Equal(trained.Output, again.Output);
    }

    [Fact]
    public async Task A_run_with_other_options_in_its_folder_is_refused_with_each_difference()
    {
        (await _cli.Run($"train {Sample} --l2 1e-3 --label-smoothing 0.1 --max-steps 2 --out r")).Done();

        var result = await _cli.Run($"coordinator {Sample} --l2 1e-3 --seed 2 --min-workers 4 --out r");

        Assert.Equal(ExitCode.Configuration, result.Code);
        Assert.Contains("error DT3221: --out r: --seed is 2, the run has 1\n", result.Error, StringComparison.Ordinal);
        Assert.Contains("error DT3221: --out r: --label-smoothing is 0, the run has 0.1\n", result.Error, StringComparison.Ordinal);
        Assert.Equal(2, result.Error.Split('\n').Count(line => line.StartsWith("error ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_run_with_other_data_in_its_folder_is_refused()
    {
        await _cli.Run($"coordinator {Sample} {AnyPort} --join-timeout 1s --out r");

        var result = await _cli.Run($"coordinator {Sample},seed=2 {AnyPort} --join-timeout 1s --out r");

        Assert.Equal(ExitCode.Configuration, result.Code);
        Assert.Contains("error DT3222: --out r: the input is no longer what the run was begun with\n", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_a_coordinator_began_train_can_finish()
    {
        await _cli.Run($"coordinator {Sample} {AnyPort} --join-timeout 1s --min-workers 2 --out r");

        var resumed = (await _cli.Run("train --resume r --json")).Done();
        var alone = (await _cli.Run($"train {Sample} --out s --json")).Done();

        Assert.Equal(Hash(alone), Hash(resumed));

        static string? Hash(CliResult result) => result.Json.GetProperty("parametersSha256").GetString();
    }
}
