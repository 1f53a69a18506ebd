using System.Text;
using DistTrain.Cli.Tests.Testing;
using DistTrain.Node.CommandLine;
using DistTrain.Problems;

namespace DistTrain.Cli.Tests;

public sealed class StopSignalTests : IDisposable
{
    readonly CliFolder _cli = new();

    public void Dispose() => _cli.Dispose();

    [Theory, InlineData(ExitCode.Interrupted, "SIGINT"), InlineData(ExitCode.Terminated, "SIGTERM")]
    public async Task A_signal_ends_training_cleanly(ExitCode signal, string name)
    {
        var result = await _cli.Run(
            "train sample:dense,rows=2000,features=8,classes=3 --optimizer adam --epochs 1000000 --tolerance 0 --batch-size 100 --out r",
            environment => environment with { Error = new SignalAt("step ", environment.Stop, signal) });

        Assert.Equal(signal, result.Code);
        Assert.Matches(
            $"stopped at step (0 by {name}; nothing is saved yet|[0-9]+ by {name}; all of it is saved); to go on: disttrain train --resume r\n$",
            result.Error);
        Assert.Empty(result.Output);
        var last = _cli.Read("r/events.jsonl").Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1];
        Assert.Contains($"\"event\":\"stopped\",\"term\":1,\"signal\":\"{name}\"", last, StringComparison.Ordinal);
        Assert.DoesNotContain("\"event\":\"failed\"", _cli.Read("r/events.jsonl"), StringComparison.Ordinal);
        Assert.False(Directory.Exists(_cli.PathOf("r/model")));
        Assert.Contains("none: the run did not finish", (await _cli.Run("inspect r")).Done().Output, StringComparison.Ordinal);
    }

    [Theory, InlineData(ExitCode.Interrupted, "SIGINT"), InlineData(ExitCode.Terminated, "SIGTERM")]
    public async Task With_json_a_stop_is_an_object_on_stdout(ExitCode signal, string name)
    {
        var result = await _cli.Run(
            "train sample:dense,rows=2000,features=8,classes=3 --optimizer adam --epochs 1000000 --tolerance 0 --batch-size 100 --out r --json",
            environment => environment with { Error = new SignalAt("step ", environment.Stop, signal) });

        Assert.Equal(signal, result.Code);
        var error = result.Json.GetProperty("error");
        Assert.Equal("DT1301", error.GetProperty("code").GetString());
        Assert.Matches($"^stopped at step [0-9]+ by {name}$", error.GetProperty("message").GetString());
        Assert.EndsWith(
            $"info TrainingSession: {error.GetProperty("message").GetString()}\n", _cli.Read("r/log.txt"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_second_signal_asks_to_leave_at_once()
    {
        using var stop = new StopSignal();

        Assert.True(stop.Raise(ExitCode.Interrupted));
        Assert.False(stop.Raise(ExitCode.Terminated));
        Assert.Equal(ExitCode.Interrupted, stop.Received);
        Assert.True(stop.Token.IsCancellationRequested);
    }

    [Fact]
    public void Who_leaves_at_once_does_what_was_left_to_do()
    {
        using var stop = new StopSignal();
        using var terminal = new StringWriter();
        stop.Leave();
        stop.BeforeLeaving = () => terminal.Write("\u001b[?25h");

        stop.Leave();

        Assert.Equal("\u001b[?25h", terminal.ToString());
    }

    [Fact]
    public async Task A_signal_before_training_leaves_nothing()
    {
        var result = await _cli.Run(
            "train sample:dense,rows=2000,features=8,classes=3", environment =>
            {
                environment.Stop.Raise(ExitCode.Interrupted);
                return environment;
            });

        Assert.Equal(ExitCode.Interrupted, result.Code);
        Assert.Equal("stopped by SIGINT before anything was written\n", result.Error);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_cli.Root));
    }

    /// <summary>Raises the signal when a certain line is written.</summary>
    sealed class SignalAt(string prefix, StopSignal stop, ExitCode signal) : StringWriter(new StringBuilder())
    {
        public override string NewLine => "\n";

        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            if (value!.StartsWith(prefix, StringComparison.Ordinal)) stop.Raise(signal);
        }
    }
}
