using System.Globalization;
using System.Text.Json;
using DistTrain.Cli.Tests.Testing;
using DistTrain.Problems;

namespace DistTrain.Cli.Tests;

/// <summary>--calibrate: fitted on the held-out part, kept in the model, applied by predict and evaluate.</summary>
public sealed class CalibrationTests : IDisposable
{
    const string Train = "train seen.csv --validation judged.csv --label label --l2 0.1";

    readonly CliFolder _cli = new();

    public CalibrationTests()
    {
        _cli.Write("seen.csv", SmallInput.Csv(400));
        _cli.Write("judged.csv", SmallInput.Csv(200, shift: 3));
    }

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task The_model_keeps_the_temperature_and_evaluate_measures_with_it()
    {
        var trained = (await _cli.Run($"{Train} --calibrate temperature --out m --json")).Done().Json;
        var plain = (await _cli.Run($"{Train} --out plain --json")).Done().Json;
        var judged = (await _cli.Run("evaluate m judged.csv --json")).Done().Json;

        var calibration = trained.GetProperty("calibration");
        var (before, fitted) = (Number(calibration, "logLossBefore"), Number(calibration, "logLossFitted"));
        Assert.True(fitted < before - 1e-3, $"{fitted} after {before}");
        Assert.Equal(before, Number(trained.GetProperty("validation"), "logLoss"), 1e-14);
        Assert.Equal(fitted, Number(judged, "logLoss"), 1e-14);
        Assert.Equal(Number(calibration, "temperature"), Number(judged, "temperature"));
        Assert.Equal(Number(calibration, "temperature"), Number(_cli.ReadJson("m/model/model.json"), "temperature"));
        Assert.Equal(plain.GetProperty("parametersSha256").GetString(), trained.GetProperty("parametersSha256").GetString());
        Assert.Equal(plain.GetProperty("validation").GetRawText(), trained.GetProperty("validation").GetRawText());
        Assert.False(plain.TryGetProperty("calibration", out _));
        Assert.False(_cli.ReadJson("plain/model/model.json").TryGetProperty("temperature", out _));
    }

    [Fact]
    public async Task Predict_gives_the_same_labels_and_the_probabilities_of_the_temperature()
    {
        (await _cli.Run($"{Train} --out plain")).Done();
        var trained = (await _cli.Run($"{Train} --calibrate temperature --out m --json")).Done().Json;

        var (plain, calibrated) = (await Predictions("plain"), await Predictions("m"));

        var temperature = Number(trained.GetProperty("calibration"), "temperature");
        Assert.Equal(200, plain.Length);
        foreach (var (before, after) in plain.Zip(calibrated))
        {
            Assert.Equal(before.Label, after.Label);
            var powers = before.Probabilities.Select(p => Math.Pow(p, 1 / temperature)).ToArray();
            for (var k = 0; k < powers.Length; k++) Assert.Equal(powers[k] / powers.Sum(), after.Probabilities[k], 1e-12);
        }
    }

    [Fact]
    public async Task The_reports_say_what_it_did()
    {
        var train = (await _cli.Run($"{Train} --calibrate temperature --out m")).Done();
        var evaluate = (await _cli.Run("evaluate m judged.csv")).Done();
        var inspect = (await _cli.Run("inspect m/model")).Done();

        Assert.Matches(
            @"\ncalibrate temperature 0\.\d+   held-out log-loss 0\.\d+ before, 0\.\d+ after \(fitted on the same rows\)\n", train.Output);
        Assert.Matches(@"\ncalibrate probabilities at temperature 0\.\d+\n", evaluate.Output);
        Assert.Matches(@"\ncalibrate probabilities at temperature 0\.\d+\n", inspect.Output);
    }

    [Theory]
    [InlineData("--validation 0")]
    [InlineData("--validation nothing.csv --weight w")]
    public async Task Without_held_out_weight_it_is_refused_before_anything_trains(string validation)
    {
        _cli.Write("nothing.csv", "colour,size,w,label\nred,1,0,like\n");

        var result = await _cli.Run($"train seen.csv {validation} --calibrate temperature --out m");

        Assert.Equal(ExitCode.Configuration, result.Code);
        Assert.StartsWith(
            "error DT3004: --calibrate temperature needs a validation part, but no row is held out\n" +
            "  expected: rows that do not train, to judge by\n" +
            "  fix: --validation 0.1, or leave it out\n", result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_cli.PathOf("m")));
    }

    [Fact]
    public async Task Held_out_rows_that_are_all_right_have_no_best_temperature_which_is_said()
    {
        _cli.Write("apart.csv", "x,label\n0,no\n1,no\n2,no\n7,yes\n8,yes\n9,yes\n");

        var result = (await _cli.Run("train apart.csv --validation apart.csv --calibrate temperature")).Done();

        Assert.Matches(
            @"DT6010: no temperature is the best: the model gives every held-out row its own class\n" +
            @"  the temperature is 0\.\d+, where the search ended\n  fix: more held-out rows, or leave --calibrate out\n", result.Error);
    }

    [Fact]
    public async Task Held_out_rows_of_no_known_class_alone_leave_the_model_uncalibrated_which_is_said()
    {
        _cli.Write("other.csv", "colour,size,w,label\nred,1,1,strange\n");

        var result = (await _cli.Run("train seen.csv --validation other.csv --calibrate temperature --json")).Done();

        Assert.Contains("DT6011: not calibrated: no held-out row has a log-loss to go by\n", result.Error, StringComparison.Ordinal);
        Assert.False(result.Json.TryGetProperty("calibration", out _));
    }

    [Fact]
    public async Task Another_word_is_refused_with_a_suggestion()
    {
        var result = await _cli.Run("train seen.csv --calibrate temprature");
        Assert.Equal(ExitCode.CommandLine, result.Code);
        Assert.Contains("--calibrate is \"temprature\"\n  expected: none, temperature\n  did you mean \"temperature\"?\n", result.Error, StringComparison.Ordinal);
    }

    async Task<(string Label, double[] Probabilities)[]> Predictions(string model)
    {
        var lines = (await _cli.Run($"predict {model} judged.csv")).Done().Output.TrimEnd().Split('\n');
        return [.. lines.Skip(1).Select(line => line.Split(',')).Select(cells =>
            (cells[0], cells[1..].Select(cell => double.Parse(cell, CultureInfo.InvariantCulture)).ToArray()))];
    }

    static double Number(JsonElement of, string field) => of.GetProperty(field).GetDouble();
}
