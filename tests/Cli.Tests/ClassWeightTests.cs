using System.Globalization;
using System.Text.Json;
using DistTrain.Cli.Tests.Testing;
using DistTrain.Problems;

namespace DistTrain.Cli.Tests;

/// <summary>--class-weight and --label-smoothing, from the command line to the model's predictions.</summary>
public sealed class ClassWeightTests : IDisposable
{
    readonly CliFolder _cli = new();

    public ClassWeightTests()
    {
        _cli.Write("train.csv", SmallInput.Csv(600));
        _cli.Write("weights.csv", "class,weight\nneutral,4\ndislike,0.5\n");
    }

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task Weights_by_file_are_the_same_as_weights_multiplied_in_the_weight_column()
    {
        _cli.Write("multiplied.csv", Multiplied());

        var weighted = await Train("train.csv --weight w --class-weight weights.csv --tolerance 1e-7 --out weighted");
        var expected = await Train("multiplied.csv --weight w --tolerance 1e-7 --out multiplied");

        Assert.Equal(expected.GetProperty("objective").GetDouble(), weighted.GetProperty("objective").GetDouble(), 1e-9);
        Assert.NotEqual(LogLoss(expected), LogLoss(weighted), 1e-3); // of the data as it is, not as weighted
    }

    [Fact]
    public async Task Predicted_probabilities_are_natural_and_evaluate_measures_them_as_training_did()
    {
        var trained = await Train("train.csv --class-weight weights.csv --label-smoothing 0.1 --out m");
        var evaluated = (await _cli.Run("evaluate m train.csv --json")).Done().Json;
        var rows = (await _cli.Run("predict m train.csv")).Done().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[1..];
        var plain = await Train("train.csv --out plain");

        foreach (var field in (string[])["logLoss", "accuracy", "macroF1"])
            Assert.Equal(trained.GetProperty("training").GetProperty(field).GetDouble(), evaluated.GetProperty(field).GetDouble(), 1e-12);
        // Natural probabilities are calibrated in the large: their means are near the shares of the classes, whatever the weights.
        var labels = _cli.Read("train.csv").Split('\n', StringSplitOptions.RemoveEmptyEntries)[1..].Select(line => line.Split(',')[3]).ToArray();
        var neutral = rows.Average(row => double.Parse(row.Split(',')[3], CultureInfo.InvariantCulture));
        Assert.Equal(labels.Count(label => label == "neutral") / 600.0, neutral, 0.05);
        Assert.True(rows.Count(row => row.Split(',')[0] == "neutral") > 1.5 * labels.Count(label => label == "neutral"));
        Assert.Contains(
            rows, row => row.Split(',') is [var label, .. var p] && label != new[] { "dislike", "like", "neutral" }[IndexOfMax(p)]);
        Assert.InRange(LogLoss(trained) - LogLoss(plain), 0, 0.1);
    }

    [Fact]
    public async Task Balanced_weights_are_kept_in_the_model_and_shown()
    {
        _cli.Write("rare.csv", "x,label\n0,a\n1,a\n2,a\n3,b\n");

        await Train("rare.csv --class-weight balanced --out m");
        var model = _cli.ReadJson("m/model/model.json");
        var inspect = (await _cli.Run("inspect m")).Done().Output;

        Assert.Equal([(float)(2 / 3.0), 2], model.GetProperty("classes").EnumerateArray().Select(entry => entry.GetProperty("classWeight").GetSingle()));
        Assert.Contains("class b   0.25000 of the training weight, class weight 2\n", inspect, StringComparison.Ordinal);
        Assert.Equal("balanced", Option("m", "class-weight").GetProperty("value").GetString());
        Assert.Equal("command line", Option("m", "class-weight").GetProperty("origin").GetString());
    }

    [Fact]
    public async Task Without_them_a_run_says_none_and_the_model_file_is_as_it_was()
    {
        await Train("train.csv --out m");

        Assert.Equal("none", Option("m", "class-weight").GetProperty("value").GetString());
        Assert.Equal("default", Option("m", "class-weight").GetProperty("origin").GetString());
        Assert.Equal(0, Option("m", "label-smoothing").GetProperty("value").GetDouble());
        Assert.DoesNotContain("classWeight", _cli.Read("m/model/model.json"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_number_of_workers_changes_no_bit()
    {
        var hashes = new HashSet<string>();
        foreach (var workers in new[] { 1, 2, 3, 7 })
        {
            var result = await Train($"train.csv --class-weight weights.csv --label-smoothing 0.3 --shards 7 --workers {workers}");
            hashes.Add(result.GetProperty("parametersSha256").GetString()!);
        }

        Assert.Single(hashes);
    }

    [Fact]
    public async Task Nor_does_it_after_an_online_warm_start()
    {
        var hashes = new HashSet<string>();
        foreach (var workers in new[] { 1, 2, 3, 7 })
        {
            var result = await Train($"train.csv --warm-start online --class-weight weights.csv --label-smoothing 0.1 --shards 7 --workers {workers} --out w{workers}");
            hashes.Add(result.GetProperty("parametersSha256").GetString()!);
        }

        Assert.Single(hashes);
        Assert.Equal("online", Option("w7", "warm-start").GetProperty("value").GetString());
        Assert.Contains("\"kind\":\"online\"", _cli.Read("w7/events.jsonl"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--warm-start online --optimizer adam", ExitCode.Configuration,
        "error DT3018: --warm-start online goes before lbfgs or gd\n  expected: an optimiser that evaluates all rows at once; the others pass online themselves\n  fix: leave one of the two options out\n")]
    [InlineData("--label-smoothing 1", ExitCode.Configuration, "error DT3001: --label-smoothing is 1\n  expected: a number of at least 0 and below 1\n")]
    [InlineData("--class-weight no.csv", ExitCode.Input, "error DT4001: no.csv: no such file\n  fix: check the path, seen from the current folder\n")]
    [InlineData("--class-weight bad.csv", ExitCode.Input,
        "error DT4606: bad.csv:2: there is no class \"likes\"\n  expected: one of \"dislike\", \"like\", \"neutral\"\n  did you mean \"like\"?\n")]
    public async Task What_cannot_be_is_refused_before_a_run_begins(string options, ExitCode code, string message)
    {
        _cli.Write("bad.csv", "class,weight\nlikes,2\n");

        var result = await _cli.Run($"train train.csv {options} --out m");

        Assert.Equal(code, result.Code);
        Assert.EndsWith(message, result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_cli.PathOf("m")));
    }

    async Task<JsonElement> Train(string rest) => (await _cli.Run($"train {rest} --validation 0 --json")).Done().Json;

    static double LogLoss(JsonElement result) => result.GetProperty("training").GetProperty("logLoss").GetDouble();

    JsonElement Option(string run, string name) => _cli.ReadJson($"{run}/options.json").GetProperty("options").GetProperty(name);

    /// <summary>train.csv with the class weights in its column w.</summary>
    string Multiplied()
    {
        var lines = _cli.Read("train.csv").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return string.Join('\n', lines.Select((line, i) => i == 0 ? line : Multiplied(line.Split(','))));

        static string Multiplied(string[] cells) => FormattableString.Invariant(
            $"{cells[0]},{cells[1]},{int.Parse(cells[2], CultureInfo.InvariantCulture) * (cells[3] == "neutral" ? 4 : cells[3] == "dislike" ? 0.5 : 1)},{cells[3]}");
    }

    static int IndexOfMax(string[] numbers)
    {
        var values = numbers.Select(number => double.Parse(number, CultureInfo.InvariantCulture)).ToArray();
        return Array.IndexOf(values, values.Max());
    }
}
