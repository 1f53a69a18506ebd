using System.Text.Json;
using DistTrain.Cli.Tests.Testing;
using DistTrain.Problems;

namespace DistTrain.Cli.Tests;

/// <summary>Lists of penalties, cross-validation, and models to start from.</summary>
public sealed class PathAndFoldTests : IDisposable
{
    const string Path = "--l2 1e-4,1,1e-2";

    readonly CliFolder _cli = new();

    public PathAndFoldTests() => _cli.Write("taste.csv", SmallInput.Csv(400));

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task A_path_is_reported_in_the_users_order_and_its_best_penalty_is_the_models()
    {
        var run = (await _cli.Run($"train taste.csv {Path} --json --out r")).Done();

        var points = run.Json.GetProperty("path").EnumerateArray().ToList();
        Assert.Equal([1e-4, 1, 1e-2], points.Select(point => point.GetProperty("l2").GetDouble()));
        var chosen = Assert.Single(points, point => point.GetProperty("chosen").GetBoolean());
        Assert.Equal(points.Min(LogLoss), LogLoss(chosen));
        Assert.Equal(LogLoss(chosen), LogLoss(run.Json.GetProperty("validation")));
        Assert.Equal(
            chosen.GetProperty("l2").GetDouble(), _cli.ReadJson("r/model/model.json").GetProperty("origin").GetProperty("l2").GetDouble());
        Assert.Equal(points.Sum(point => point.GetProperty("evaluations").GetInt32()), run.Json.GetProperty("evaluations").GetInt32());
        var told = Events("r").Where(e => e.GetProperty("event").GetString() == "pathPoint").Select(e => e.GetProperty("l2").GetDouble());
        Assert.Equal([1, 1e-2, 1e-4], told);
        Assert.Equal(
            [1e-4, 1, 1e-2], _cli.ReadJson("r/options.json").GetProperty("options").GetProperty("l2").GetProperty("value").EnumerateArray().Select(l2 => l2.GetDouble()));
    }

    [Fact]
    public async Task Folds_are_reported_with_mean_and_deviation_and_each_has_a_folder()
    {
        var run = (await _cli.Run("train taste.csv --folds 4 --json --out r")).Done();

        var folds = run.Json.GetProperty("folds");
        var each = folds.GetProperty("each").EnumerateArray().ToList();
        var mean = each.Average(LogLoss);
        Assert.Equal(mean, folds.GetProperty("logLoss").GetProperty("mean").GetDouble(), 1e-12);
        Assert.Equal(
            Math.Sqrt(each.Sum(fold => Math.Pow(LogLoss(fold) - mean, 2)) / 3), folds.GetProperty("logLoss").GetProperty("deviation").GetDouble(), 1e-12);
        Assert.Equal(run.Json.GetProperty("examples").GetInt64(), each.Sum(fold => fold.GetProperty("examples").GetInt64()));
        Assert.Equal(["r/folds/1", "r/folds/2", "r/folds/3", "r/folds/4"], each.Select(fold => fold.GetProperty("run").GetString()));
        foreach (var fold in each)
        {
            var kept = _cli.ReadJson($"{fold.GetProperty("run").GetString()}/result.json");
            Assert.Equal(LogLoss(fold), LogLoss(kept.GetProperty("validation")));
            Assert.Equal("finished", Events(fold.GetProperty("run").GetString()!)[^1].GetProperty("event").GetString());
        }
        Assert.False(run.Json.TryGetProperty("path", out _));
    }

    [Fact]
    public async Task Folds_choose_from_a_path_and_the_model_is_trained_as_with_that_penalty_alone()
    {
        var run = (await _cli.Run($"train taste.csv {Path} --folds 3 --validation 0 --json --out r")).Done();

        var points = run.Json.GetProperty("path").EnumerateArray().ToList();
        var chosen = Assert.Single(points, point => point.GetProperty("chosen").GetBoolean());
        Assert.Equal(points.Min(LogLoss), LogLoss(chosen));
        Assert.Equal(LogLoss(chosen), run.Json.GetProperty("folds").GetProperty("logLoss").GetProperty("mean").GetDouble());
        Assert.All(points, point => Assert.True(point.GetProperty("logLossDeviation").GetDouble() > 0));
        var l2 = chosen.GetProperty("l2").GetRawText();
        var alone = (await _cli.Run($"train taste.csv --l2 {l2} --validation 0 --json --out alone")).Done();
        Assert.Equal(Sha(alone), Sha(run));
    }

    [Fact]
    public async Task The_tables_are_printed()
    {
        var run = (await _cli.Run($"train taste.csv {Path} --folds 3")).Done();

        foreach (var part in (string[])["\npath      l2 ", " chosen by 3 folds\n", "\nl2    steps  evaluations", "\nfolds     3, each judged by", "\nfold  examples", "\nmean  ", "\nsd  "])
            Assert.Contains(part, run.Output, StringComparison.Ordinal);
        Assert.Contains("\nfold 3/3  log-loss ", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData($"{Path} --folds 3")]
    [InlineData("--optimizer adam --epochs 4 --batch-size 50 --patience 1")]
    [InlineData("--suboptimality 1e-3 --patience 4 --l2 1e-2,1e-3")]
    public async Task Any_number_of_workers_gives_the_same_bits(string options)
    {
        var results = new List<string>();
        foreach (var workers in (int[])[1, 2, 3, 7])
        {
            var json = (await _cli.Run($"train taste.csv --shards 7 {options} --workers {workers} --json --quiet")).Done().Json;
            results.Add(
                json.GetProperty("parametersSha256").GetString() + (json.TryGetProperty("path", out var path) ? path.GetRawText() : "")
                + (json.TryGetProperty("folds", out var folds) ? LogLoss(folds.GetProperty("each")[0]) : 0));
        }

        Assert.Single(results.Distinct());
    }

    [Fact]
    public async Task Training_goes_on_from_a_model_and_on_the_same_data_is_done_at_once()
    {
        (await _cli.Run("train taste.csv --tolerance 1e-6 --out first")).Done();

        var again = (await _cli.Run("train taste.csv --initial-model first --json --out second")).Done();

        Assert.Equal((0, 1), (again.Json.GetProperty("steps").GetInt32(), again.Json.GetProperty("evaluations").GetInt32()));
        Assert.Equal("tolerance", again.Json.GetProperty("stoppedBy").GetString());
        Assert.Contains("\ninitial   first: 5 of 5 features and 3 of 3 classes start from it\n", again.Error, StringComparison.Ordinal);
        Assert.Equal(
            _cli.ReadJson("first/result.json").GetProperty("objective").GetDouble(), again.Json.GetProperty("objective").GetDouble(), 1e-8);
    }

    [Fact]
    public async Task New_rows_with_new_categories_and_classes_train_on_and_what_is_new_or_lost_is_said()
    {
        (await _cli.Run("train taste.csv --ignore w --out first")).Done();
        _cli.Write("more.csv", SmallInput.Csv(400, shift: 5)
            .Replace("blue", "violet", StringComparison.Ordinal).Replace("neutral", "indifferent", StringComparison.Ordinal));

        var run = (await _cli.Run("train more.csv --ignore w --initial-model first/model --json --out second")).Done();
        var fresh = (await _cli.Run("train more.csv --ignore w --json --out third")).Done();

        Assert.Contains(
            "\ninitial   first/model: 3 of 4 features and 2 of 3 classes start from it\n" +
            "          new features: colour=violet\n          new classes: indifferent\n" +
            "          dropped features: colour=blue\n          dropped classes: neutral\n", run.Error, StringComparison.Ordinal);
        Assert.True(run.Json.GetProperty("converged").GetBoolean());
        Assert.Equal(fresh.Json.GetProperty("objective").GetDouble(), run.Json.GetProperty("objective").GetDouble(), 1e-6);
    }

    [Fact]
    public async Task A_path_that_holds_no_model_exits_7()
    {
        var run = await _cli.Run("train taste.csv --initial-model nowhere");

        Assert.Equal(ExitCode.Unreadable, run.Code);
        Assert.StartsWith("error DT7005: nowhere: no model here\n", run.Error, StringComparison.Ordinal);
    }

    static double LogLoss(JsonElement of) => of.GetProperty("logLoss").GetDouble();

    static string Sha(CliResult run) => run.Json.GetProperty("parametersSha256").GetString()!;

    List<JsonElement> Events(string run) => [.. _cli.Read($"{run}/events.jsonl").Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(line => JsonDocument.Parse(line).RootElement)];
}
