using System.Text.Json;
using DistTrain.Cli.Tests.Testing;

namespace DistTrain.Cli.Tests;

/// <summary>Classes that the class list has and the training rows do not.</summary>
public sealed class InactiveClassTests : IDisposable
{
    /// <summary>Four rows to be judged right, three of a class that training has not seen.</summary>
    const string Judged = "x,label\n0,no\n1,no\n8,yes\n9,yes\n9,maybe\n8,maybe\n0,maybe\n";

    const string Warning = "no logLoss: it is infinite (3 rows of a class without training rows)\n";

    readonly CliFolder _cli = new();

    public InactiveClassTests()
    {
        _cli.Write("seen.csv", "x,label\n0,no\n1,no\n2,no\n7,yes\n8,yes\n9,yes\n");
        _cli.Write("judged.csv", Judged);
    }

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task A_class_that_only_validation_has_counts_in_its_metrics()
    {
        var train = (await _cli.Run("train seen.csv --validation judged.csv --out m --json")).Done();
        var evaluate = (await _cli.Run("evaluate m judged.csv --json")).Done();

        var (validation, judged) = (train.Json.GetProperty("validation"), evaluate.Json);
        Assert.Equal([[0, 1, 2], [0, 2, 0], [0, 0, 2]], Confusion(judged));
        Assert.Equal(["maybe", "no", "yes"], judged.GetProperty("perClass").EnumerateArray().Select(entry => entry.GetProperty("class").GetString()));
        Assert.Equal([3, 2, 2], PerClass(judged, "support"));
        Assert.Equal([0, 0.8, 2 / 3.0], PerClass(judged, "f1"));
        foreach (var metrics in (JsonElement[])[validation, judged])
        {
            Assert.Equal(4 / 7.0, metrics.GetProperty("accuracy").GetDouble(), 1e-12);
            Assert.Equal((0 + 0.8 + 2 / 3.0) / 3, metrics.GetProperty("macroF1").GetDouble(), 1e-12);
            Assert.Equal(2 / 7.0, metrics.GetProperty("majorityAccuracy").GetDouble(), 1e-12);
            Assert.False(metrics.TryGetProperty("logLoss", out _));
        }
        Assert.Contains($"warning: validation: {Warning}", train.Error, StringComparison.Ordinal);
        Assert.Contains($"warning: {Warning}", evaluate.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_reports_have_a_row_for_it()
    {
        var train = (await _cli.Run("train seen.csv --validation judged.csv --out m")).Done();
        var evaluate = (await _cli.Run("evaluate m judged.csv")).Done();

        foreach (var text in (string[])[train.Output, evaluate.Output])
        {
            var rows = text.Split('\n').Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToList();
            Assert.Contains(["maybe", "0.00000", "0.00000", "0.00000", "0.50000", "3"], rows); // no log-loss; ranked by chance
            Assert.Contains(["maybe", "0", "1", "2"], rows);
            Assert.Contains("infinite (3 rows of a class without training rows)", text, StringComparison.Ordinal);
        }
        Assert.DoesNotContain("warning", train.Error + evaluate.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_class_that_is_declared_and_nowhere_keeps_its_place_and_changes_no_figure()
    {
        (await _cli.Run("train seen.csv --validation 0 --out plain")).Done();
        var train = (await _cli.RunArgs(["train", "seen.csv", "--validation", "0", "--out", "m", "--classes", "yes,never,no", "--json"])).Done();
        var plain = (await _cli.Run("evaluate plain seen.csv --json")).Done().Json;
        var evaluate = (await _cli.Run("evaluate m seen.csv --json")).Done();

        Assert.Equal([[3, 0, 0], [0, 0, 0], [0, 0, 3]], Confusion(evaluate.Json));
        Assert.Equal([3, 0, 3], PerClass(evaluate.Json, "support"));
        foreach (var field in (string[])["accuracy", "macroF1", "majorityAccuracy"])
            Assert.Equal(plain.GetProperty(field).GetDouble(), evaluate.Json.GetProperty(field).GetDouble());
        Assert.Equal(1, train.Json.GetProperty("training").GetProperty("macroF1").GetDouble());
        Assert.True(evaluate.Json.TryGetProperty("logLoss", out _));
        Assert.DoesNotContain("warning", train.Error + evaluate.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rows_of_weight_0_are_no_examples_anywhere()
    {
        _cli.Write("weighted.csv", "x,w,label\n0,1,no\n1,2,no\n2,0,no\n7,1,yes\n8,1,yes\n9,0,maybe\n");

        var json = (await _cli.Run("train weighted.csv --weight w --validation 0 --json")).Done().Json;
        var report = (await _cli.Run("train weighted.csv --weight w --validation 0")).Done().Output;

        Assert.Equal(4, json.GetProperty("examples").GetInt64());
        Assert.Equal(4, json.GetProperty("training").GetProperty("examples").GetInt64());
        Assert.Contains("4 examples (nothing held out)", report, StringComparison.Ordinal);
    }

    static IEnumerable<double[]> Confusion(JsonElement evaluation) => evaluation.GetProperty("confusion").EnumerateArray()
        .Select(row => row.EnumerateArray().Select(weight => weight.GetDouble()).ToArray());

    static IEnumerable<double> PerClass(JsonElement evaluation, string field) =>
        evaluation.GetProperty("perClass").EnumerateArray().Select(entry => entry.GetProperty(field).GetDouble());
}
