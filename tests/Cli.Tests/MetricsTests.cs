using System.Globalization;
using System.Text.Json;
using DistTrain.Cli.Tests.Testing;

namespace DistTrain.Cli.Tests;

/// <summary>The metrics of train and evaluate, from end to end.</summary>
public sealed class MetricsTests : IDisposable
{
    readonly CliFolder _cli = new();

    public void Dispose() => _cli.Dispose();

    [Theory]
    [InlineData("sample:dense,rows=4000,features=6,classes=9")]
    [InlineData("sample:sparse,rows=3000,features=500,classes=3,nonzeros=8")]
    public async Task Any_number_of_workers_gives_the_same_figures(string input)
    {
        var figures = new HashSet<string>();
        foreach (var workers in (int[])[1, 2, 3, 7])
        {
            var json = (await _cli.Run($"train {input} --calibrate temperature --shards 9 --max-steps 5 --workers {workers} --json --quiet")).Done().Json;
            figures.Add(
                string.Concat(((string[])["training", "validation", "calibration"]).Select(part => json.GetProperty(part).GetRawText())));
        }
        Assert.Single(figures);
    }

    [Theory, InlineData(""), InlineData("--calibrate temperature"), InlineData("--weight w")]
    public async Task The_figures_follow_from_the_predictions(string options)
    {
        _cli.Write("seen.csv", SmallInput.Csv(300));
        _cli.Write("judged.csv", SmallInput.Csv(250, shift: 5));
        (await _cli.Run($"train seen.csv --validation judged.csv --label label --out m {options}")).Done();
        var judged = (await _cli.Run("evaluate m judged.csv --json")).Done().Json;

        var rows = await Rows(isWeighted: options.Contains("--weight", StringComparison.Ordinal));
        var all = rows.Sum(row => row.Weight);
        for (var k = 0; k < 3; k++)
        {
            var (entry, own) = (judged.GetProperty("perClass")[k], rows.Where(row => row.Observed == k).ToArray());
            Assert.Equal(own.Sum(row => -row.Weight * Math.Log(row.P[k])) / own.Sum(row => row.Weight), Number(entry, "logLoss"), 1e-12);
            Assert.Equal(Area(rows, k), Number(entry, "rocAuc"), 1e-3);
        }
        Assert.Equal(Enumerable.Range(0, 3).Average(k => Area(rows, k)), Number(judged, "rocAuc"), 1e-3);
        Assert.Equal(rows.Sum(row => row.Weight * row.P.Select((p, k) => Math.Pow(p - (k == row.Observed ? 1 : 0), 2)).Sum()) / all, Number(judged, "brierScore"), 1e-12);
        Assert.Equal(rows.Where(row => row.P.Count(p => p > row.P[row.Observed]) < 2).Sum(row => row.Weight) / all, Number(judged.GetProperty("topK"), "2"), 1e-12);
        Assert.Equal(Number(judged, "accuracy"), Number(judged.GetProperty("topK"), "1"), 1e-12);
        Assert.Equal(["1", "2"], judged.GetProperty("topK").EnumerateObject().Select(top => top.Name));
        AssertReliability(judged, rows);
    }

    [Fact]
    public async Task Beyond_64_classes_the_ranking_is_left_out_which_is_said()
    {
        _cli.Write("many.csv", "x,label\n" + string.Concat(Enumerable.Range(0, 650).Select(i => $"{i % 7},c{i % 65:00}\n")));

        var result = (await _cli.Run("train many.csv --validation many.csv --max-steps 2 --out m")).Done();
        var json = (await _cli.Run("evaluate m many.csv --json")).Done().Json;

        Assert.Contains("ROC AUC not measured for more than 64 classes", result.Output, StringComparison.Ordinal);
        Assert.False(json.TryGetProperty("rocAuc", out _));
        Assert.Equal(["1", "2", "3", "5"], json.GetProperty("topK").EnumerateObject().Select(top => top.Name));
    }

    [Fact]
    public async Task With_nothing_held_out_the_report_has_the_training_part_without_ranking()
    {
        _cli.Write("seen.csv", SmallInput.Csv(100));

        var output = (await _cli.Run("train seen.csv --validation 0 --ignore w")).Done().Output;

        Assert.Matches(@"\n          top-2 accuracy 0\.\d{5}   Brier 0\.\d{5}   calibration error 0\.\d{5}\n", output);
        Assert.Contains("\nclass    precision   recall       F1  log-loss  support\n", output, StringComparison.Ordinal);
    }

    static void AssertReliability(JsonElement judged, Row[] rows)
    {
        var (all, gap) = (rows.Sum(row => row.Weight), 0.0);
        foreach (var bin in judged.GetProperty("reliability").EnumerateArray())
        {
            var inside = rows.Where(row => row.P.Max() > Number(bin, "from") && row.P.Max() <= Number(bin, "to")).ToArray();
            var weight = inside.Sum(row => row.Weight);
            var confidence = inside.Sum(row => row.Weight * row.P.Max()) / weight;
            var accuracy = inside.Where(row => row.P[row.Observed] == row.P.Max()).Sum(row => row.Weight) / weight;
            Assert.Equal(
                (weight, confidence, accuracy), (Number(bin, "weight"), Number(bin, "confidence"), Number(bin, "accuracy")), Close);
            gap += weight * Math.Abs(confidence - accuracy);
        }
        Assert.Equal(gap / all, Number(judged, "expectedCalibrationError"), 1e-12);
        Assert.Equal(all, judged.GetProperty("reliability").EnumerateArray().Sum(bin => Number(bin, "weight")), 1e-9);

        static bool Close((double, double, double) a, (double, double, double) b) =>
            Math.Abs(a.Item1 - b.Item1) < 1e-9 && Math.Abs(a.Item2 - b.Item2) < 1e-12 && Math.Abs(a.Item3 - b.Item3) < 1e-12;
    }

    async Task<Row[]> Rows(bool isWeighted)
    {
        var predicted = (await _cli.Run("predict m judged.csv")).Done().Output.TrimEnd().Split('\n');
        var classes = predicted[0].Split(',')[1..].Select(name => name[2..]).ToList();
        var observed = _cli.Read("judged.csv").TrimEnd().Split('\n');
        return [.. predicted.Skip(1).Zip(observed.Skip(1), (line, row) =>
        {
            var cells = row.Split(',');
            return new Row(
                [.. line.Split(',').Skip(1).Select(cell => double.Parse(cell, CultureInfo.InvariantCulture))],
                classes.IndexOf(cells[3]),
                isWeighted ? double.Parse(cells[2], CultureInfo.InvariantCulture) : 1);
        })];
    }

    /// <summary>All pairs, one by one.</summary>
    static double Area(Row[] rows, int k)
    {
        var (won, all) = (0.0, 0.0);
        foreach (var own in rows.Where(row => row.Observed == k))
        {
            foreach (var other in rows.Where(row => row.Observed != k))
            {
                all += own.Weight * other.Weight;
                won += own.Weight * other.Weight * (1 + Math.Sign(own.P[k] - other.P[k])) / 2;
            }
        }
        return won / all;
    }

    static double Number(JsonElement of, string field) => of.GetProperty(field).GetDouble();

    sealed record Row(double[] P, int Observed, double Weight);
}
