using System.Text.Json;
using DistTrain.Cli.Tests.Testing;
using DistTrain.Problems;

namespace DistTrain.Cli.Tests;

/// <summary>When a run ends, and what a user learns of it.</summary>
public sealed class StoppingTests : IDisposable
{
    readonly CliFolder _cli = new();

    public StoppingTests() => _cli.Write("taste.csv", SmallInput.Csv(400));

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task Patience_ends_a_run_at_its_best_point()
    {
        var result = (await _cli.Run("train taste.csv --optimizer adam --learning-rate 0.5 --batch-size 50 --epochs 200 --patience 3 --json --out r")).Done().Json;

        var watched = Events("r").Where(e => e.GetProperty("event").GetString() == "validation").ToList();
        Assert.Equal("patience", result.GetProperty("stoppedBy").GetString());
        Assert.Equal(
            watched.Min(e => e.GetProperty("logLoss").GetDouble()), result.GetProperty("validation").GetProperty("logLoss").GetDouble());
        Assert.Equal(watched.Count, watched.FindLastIndex(e => e.GetProperty("best").GetBoolean()) + 4);
        Assert.Equal(
            Enumerable.Range(1, watched.Count).Select(epoch => (double)epoch), watched.Select(e => e.GetProperty("epochs").GetDouble()));
    }

    [Fact]
    public async Task A_certificate_ends_a_run_within_what_was_asked_for()
    {
        var result = (await _cli.Run("train taste.csv --suboptimality 1e-7 --json --out r")).Done().Json;

        Assert.Equal(("suboptimality", true), (result.GetProperty("stoppedBy").GetString(), result.GetProperty("converged").GetBoolean()));
        Assert.InRange(result.GetProperty("suboptimalityBound").GetDouble(), 0, 1e-7);
        Assert.Contains(Events("r"), e => e.GetProperty("event").GetString() == "certificate");
        Assert.Equal(0, _cli.ReadJson("r/options.json").GetProperty("options").GetProperty("tolerance").GetProperty("value").GetDouble());
    }

    [Fact]
    public async Task A_tolerance_that_is_typed_holds_beside_the_certificate()
    {
        var result = (await _cli.Run("train taste.csv --suboptimality 1e-12 --tolerance 1e-3 --json --out r")).Done().Json;

        Assert.Equal("tolerance", result.GetProperty("stoppedBy").GetString());
    }

    [Fact]
    public async Task Time_ends_a_run_with_a_model_and_exit_code_0()
    {
        var run = (await _cli.Run("train sample:dense,rows=3000,features=20,classes=4 --optimizer sgd --epochs 1000000 --max-time 400ms --json --out r")).Done();

        Assert.Equal(("time", false), (run.Json.GetProperty("stoppedBy").GetString(), run.Json.GetProperty("converged").GetBoolean()));
        Assert.Single(Events("r"), e => e.GetProperty("event").GetString() == "timeRanOut");
        Assert.DoesNotContain("warning", run.Error, StringComparison.Ordinal); // What comes late for the evaluation cut short is no news.
        (await _cli.Run("inspect r")).Done();
    }

    [Fact]
    public async Task Separable_rows_without_a_penalty_are_named_with_the_fix()
    {
        _cli.Write("line.csv", "x,label\n" + string.Concat(Enumerable.Range(0, 40).Select(i => $"{i},{(i < 20 ? "low" : "high")}\n")));

        var run = (await _cli.Run("train line.csv --l2 0 --validation 0 --json --quiet")).Done();

        Assert.Equal(
            "warning DT6003: there is no optimum without a penalty: the model gives every training row its own class\n" +
            "  the longer it trains, the larger the weights; the result is not converged, and its probabilities are too sure\n" +
            "  fix: --l2 1e-4, or another penalty above 0\n", run.Error);
        Assert.False(run.Json.GetProperty("converged").GetBoolean());
        var warning = Assert.Single(run.Json.GetProperty("warnings").EnumerateArray());
        Assert.Equal("DT6003", warning.GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_level_that_a_class_never_has_is_named()
    {
        var rows = Enumerable.Range(0, 60).Select(
            i => $"{(i % 3 == 0 ? "red" : i % 3 == 1 ? "green" : "blue")},{i * 7 % 5},{(i % 3 == 0 || i % 2 == 0 ? "yes" : "no")}\n");
        _cli.Write("levels.csv", "colour,size,label\n" + string.Concat(rows));

        var run = (await _cli.Run("train levels.csv --l2 0 --validation 0 --json --quiet --max-steps 20")).Done();

        Assert.StartsWith(
            "warning DT6003: there is no optimum without a penalty: no training row of class \"no\" has \"colour=red\"\n", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Growth_without_bound_exits_6()
    {
        var run = await _cli.Run("train taste.csv --optimizer sgd --learning-rate 1e6 --batch-size 20 --out r");

        Assert.Equal(ExitCode.Diverged, run.Code);
        Assert.Matches("error DT6002: training diverged: the objective is [^ ]+ (at step|on average of epoch|at the end)[ 0-9]*, [^ ]+ times that of the start\n", run.Error);
        Assert.EndsWith(
            "  fix: a smaller --learning-rate, a larger --l2, or features of smaller size\n", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("warning", run.Error, StringComparison.Ordinal); // The error says it, once.
        Assert.DoesNotContain("E+", run.Error, StringComparison.Ordinal);
        Assert.Contains("Failed: DT6002", _cli.Read("r/log.txt"), StringComparison.Ordinal);
        Assert.Equal("failed", Events("r")[^1].GetProperty("event").GetString());
    }

    [Theory]
    [InlineData("--patience 3 --validation 0",
        "error DT3004: --patience needs a validation part, but no row is held out\n  expected: rows that do not train, to judge by\n  fix: --validation 0.1, or leave it out\n")]
    [InlineData("--l2 1e-3,1e-2 --validation 0",
        "error DT3004: a list in --l2 needs a validation part, but no row is held out\n  expected: rows that do not train, to judge by\n  fix: --validation 0.1 or --folds 5, or one number\n")]
    [InlineData("--suboptimality 1e-3 --l2 0",
        "error DT3003: --suboptimality has no certificate to go by: --l2 is 0\n  expected: a penalty above 0 on every feature, from which the bound follows\n  fix: --l2 1e-4, or --tolerance in its place\n")]
    [InlineData("--suboptimality 0", "error DT3001: --suboptimality is 0\n  expected: a number above 0\n")]
    [InlineData("--patience 0", "error DT3001: --patience is 0\n  expected: a whole number of at least 1\n")]
    [InlineData("--folds 1", "error DT3001: --folds is 1\n  expected: a whole number of at least 2\n")]
    [InlineData("--max-time 0s", "error DT3001: --max-time is 0\n  expected: a duration above 0\n")]
    [InlineData("--l2 1e-3,0.001", "error DT3001: --l2 has 0.001 twice\n  expected: different numbers\n")]
    [InlineData("--l2 1e-3,-1", "error DT3001: --l2 is -1\n  expected: numbers of at least 0\n")]
    [InlineData("--folds 500", "error DT3504: --folds is 500, but there are 349 training rows\n  expected: at most 349, so that no fold is empty\n")]
    public async Task What_cannot_work_is_refused_before_training(string options, string error)
    {
        var run = await _cli.Run($"train taste.csv --quiet {options}");

        Assert.Equal(ExitCode.Configuration, run.Code);
        Assert.Equal(error, run.Error);
        Assert.False(Directory.Exists(_cli.PathOf("runs")));
    }

    [Theory]
    [InlineData("--max-time 5", "error DT2001: --max-time is \"5\"\n  expected: a duration, such as 30s, 10m or 1h30m\n")]
    [InlineData("--l2 1e-3,x", "error DT2001: --l2 is \"1e-3,x\"\n  expected: numbers between commas, such as 1e-6,1e-5,1e-4\n")]
    public async Task What_cannot_be_read_says_what_was_expected(string options, string error)
    {
        var run = await _cli.Run($"train taste.csv {options}");

        Assert.Equal((ExitCode.CommandLine, error), (run.Code, run.Error));
    }

    List<JsonElement> Events(string run) => [.. _cli.Read($"{run}/events.jsonl").Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(line => JsonDocument.Parse(line).RootElement)];
}
