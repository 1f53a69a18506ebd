using System.Globalization;
using System.Text.Json;
using DistTrain.Cli.Tests.Testing;
using DistTrain.Node.CommandLine;

namespace DistTrain.Cli.Tests.Reports;

public sealed class ReportFileTests : IDisposable
{
    readonly CliFolder _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task A_run_leaves_a_report_with_the_numbers_of_its_result()
    {
        _cli.Write("my taste.csv", SmallInput.Csv(600));

        var train = (await _cli.RunArgs(["train", "my taste.csv", "--weight", "w", "--l2", "1e-3", "--out", "it's here"])).Done();

        Assert.Contains("report    it's here/report.html\n", train.Output, StringComparison.Ordinal);
        var page = PageText.Of(PageText.Parse(_cli.Read("it's here/report.html")));
        var result = _cli.ReadJson("it's here/result.json");
        var (training, held) = (result.GetProperty("training"), result.GetProperty("validation"));
        AssertRow("log-loss", value => Figures.Value(value), "logLoss");
        AssertRow("accuracy", value => Figures.Share(value), "accuracy");
        AssertRow("macro-F1", value => Figures.Share(value), "macroF1");
        Assert.Contains($"The model is within {Figures.Small(result.GetProperty("suboptimalityBound").GetDouble())} of the best possible", page, StringComparison.Ordinal);
        Assert.Contains($"parametersSha256\n{result.GetProperty("parametersSha256").GetString()}\n", page, StringComparison.Ordinal);
        Assert.Contains("disttrain train --weight w --l2 1e-3 'my taste.csv'\n", page, StringComparison.Ordinal);
        Assert.Contains("--label | label | guessed\n", page, StringComparison.Ordinal);
        Assert.Contains($"my taste.csv | {_cli.ReadJson("it's here/dataset.json").GetProperty("files")[0].GetProperty("sha256").GetString()}\n", page, StringComparison.Ordinal);
        var steps = result.GetProperty("steps").GetInt32();
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"\n{steps} | {result.GetProperty("evaluations").GetInt32()} | "), page, StringComparison.Ordinal);

        void AssertRow(string name, Func<double, string> text, string field) =>
            Assert.Contains($"\n{name} | {text(Number(training, field))} | {text(Number(held, field))}", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_row_of_the_input_is_in_it()
    {
        _cli.Write("taste.csv", "size,label\n" + string.Concat(Enumerable.Range(0, 200).Select(i => $"{1234567 + i * 7919},{(i % 3 == 0 ? "a" : "b")}\n")));

        (await _cli.Run("train taste.csv --out run")).Done();

        var page = _cli.Read("run/report.html");
        Assert.DoesNotContain(Enumerable.Range(0, 200), i => page.Contains($"{1234567 + i * 7919}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_report_that_cannot_be_written_is_a_warning_and_costs_nothing_else()
    {
        _cli.Write("taste.csv", SmallInput.Csv(300));
        _cli.Write("run/report.html/in the way", "");

        var train = (await _cli.Run("train taste.csv --out run")).Done();

        Assert.Contains("warning: run/report.html could not be written: ", train.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("report    ", train.Output, StringComparison.Ordinal);
        Assert.Contains("saved     run/model", train.Output, StringComparison.Ordinal);
        (await _cli.Run("evaluate run taste.csv")).Done();
    }

    [Fact]
    public async Task With_json_stdout_is_the_result_alone_and_the_report_is_there()
    {
        _cli.Write("taste.csv", SmallInput.Csv(300));

        var train = (await _cli.Run("train taste.csv --optimizer adam --epochs 2 --batch-size 50 --out run --json")).Done();

        Assert.Equal("run", train.Json.GetProperty("run").GetString());
        var page = PageText.Of(PageText.Parse(_cli.Read("run/report.html")));
        Assert.Contains("Objective of the batch (nats; dots: mean of each epoch; dashed: the model on all training rows), by epochs\n", page, StringComparison.Ordinal);
        Assert.Contains("Not converged: training ended after the epochs it was given. ", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Penalties_folds_and_the_watched_log_loss_are_shown()
    {
        _cli.Write("taste.csv", SmallInput.Csv(300));

        (await _cli.Run("train taste.csv --l2 1e-2,1e-4 --folds 3 --out folded")).Done();
        (await _cli.Run("train taste.csv --patience 50 --out watched")).Done();

        var folded = PageText.Of(PageText.Parse(_cli.Read("folded/report.html")));
        var result = _cli.ReadJson("folded/result.json");
        Assert.Contains($"judged by its mean log-loss over 3 folds. The model is of λ₂ = {Figures.Penalty(Number(result.GetProperty("folds"), "l2"))}.\n", folded, StringComparison.Ordinal);
        Assert.Contains($"\nmean | {Figures.Value(Number(result.GetProperty("folds").GetProperty("logLoss"), "mean"))} | ", folded, StringComparison.Ordinal);
        Assert.Contains("Log-loss, held out (nats), by evaluations\n", PageText.Of(PageText.Parse(_cli.Read("watched/report.html"))), StringComparison.Ordinal);
    }

    static double Number(JsonElement of, string field) => of.GetProperty(field).GetDouble();
}
