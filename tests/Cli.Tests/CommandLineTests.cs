using System.CommandLine;
using System.Text;
using DistTrain.Cli.Tests.Testing;
using DistTrain.Problems;

namespace DistTrain.Cli.Tests;

public sealed class CommandLineTests : IDisposable
{
    readonly CliFolder _cli = new();

    public void Dispose() => _cli.Dispose();

    [Theory, InlineData(""), InlineData("--help"), InlineData("-h")]
    public async Task Help_goes_to_stdout_and_names_every_command(string line)
    {
        var result = (await _cli.Run(line)).Done();

        Assert.Equal(HelpOfRoot.ReplaceLineEndings("\n").Replace("disttrain [", $"{RootCommand.ExecutableName} [", StringComparison.Ordinal), result.Output);
        Assert.Empty(result.Error);
    }

    [Fact]
    public async Task A_processor_without_fma_is_refused()
    {
        var result = await _cli.Run("train sample:preferences,rows=100", environment => environment with { ProcessorIsSupported = false });

        Assert.Equal(ExitCode.Configuration, result.Code);
        Assert.StartsWith(
            "error DT3002: this processor has no fused multiply-add (FMA) on vectors\n", result.Error, StringComparison.Ordinal);
        Assert.Empty(result.Output);
    }

    [Fact]
    public async Task Where_errors_cannot_be_written_the_exit_code_stays()
    {
        await using var full = new FullWriter();

        var result = await _cli.Run("train nowhere.csv --json", environment => environment with { Error = full });

        Assert.Equal(ExitCode.Input, result.Code);
        Assert.Equal("DT4001", result.Json.GetProperty("error").GetProperty("code").GetString());
    }

    sealed class FullWriter : TextWriter
    {
        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(char value) => throw new IOException("No space left on device");
    }

    const string HelpOfRoot = """
        Description:
          DistTrain trains softmax classifiers of preference: the same bits for any number of workers.

        Usage:
          disttrain [command] [options]

        Options:
          --version       Show version information
          -?, -h, --help  Show help and usage information

        Commands:
          train <INPUT>                trains a classifier in this process, and reports how good it is
          coordinator <INPUT>          conducts a run on a cluster of workers, and reports how good the model is
          worker                       computes for a coordinator, here or elsewhere
          evaluate <MODEL> <INPUT>     metrics of a model on labelled data
          predict <MODEL> <INPUT>      one line per row: label and probabilities, as CSV
          inspect <MODEL|RUN|DATASET>  what is in a model, a run or a dataset, in words and tables
          prepare <INPUT>              turns tables into a dataset: a manifest and shards
          sample <NAME>                writes a synthetic sample to a file


        """;

    [Theory, InlineData("train"), InlineData("coordinator"), InlineData("evaluate"), InlineData("predict"), InlineData("inspect"), InlineData("sample")]
    public async Task Every_command_has_help(string command)
    {
        var result = (await _cli.Run($"{command} --help")).Done();
        Assert.Contains($"{RootCommand.ExecutableName} {command}", result.Output, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"[0-9]E[-+]?[0-9]", result.Output);
    }

    [Theory, InlineData("evaluate"), InlineData("predict")]
    public async Task Commands_that_use_a_model_offer_what_they_take(string command)
    {
        var help = (await _cli.Run($"{command} --help")).Done().Output;
        Assert.Contains("--bad-rows <fail|skip> ", help, StringComparison.Ordinal);
        Assert.Contains("label column (default: the model's)", help, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_version_is_printed_alone() => Assert.Equal("0.1.0\n", (await _cli.Run("--version")).Done().Output);

    [Theory]
    [InlineData("train --version"), InlineData("train x.csv --version"), InlineData("evaluate --version"), InlineData("predict --version")]
    [InlineData("inspect --version"), InlineData("sample --version")]
    public async Task Every_command_prints_the_version(string line) => Assert.Equal("0.1.0\n", (await _cli.Run(line)).Done().Output);

    [Theory]
    [InlineData("trian", "command \"trian\"", "train")]
    [InlineData("--verson", "option \"--verson\"", "--version")]
    [InlineData("train x.csv --lable y", "option \"--lable\"", "--label")]
    [InlineData("train x.csv --optimzer=adam", "option \"--optimzer\"", "--optimizer")]
    [InlineData("train x.csv --toleranc 1", "option \"--toleranc\"", "--tolerance")]
    [InlineData("predict m x.csv --otu f", "option \"--otu\"", "--out")]
    [InlineData("evaluate m x.csv --josn", "option \"--josn\"", "--json")]
    [InlineData("inspect m --jsn", "option \"--jsn\"", "--json")]
    [InlineData("sample dense --ot x", "option \"--ot\"", "--out")]
    public async Task An_unknown_name_exits_2_with_the_nearest_one(string line, string unknown, string near)
    {
        var result = await _cli.Run(line);

        Assert.Equal(ExitCode.CommandLine, result.Code);
        Assert.Equal($"error DT2001: unknown {unknown}\n  did you mean {near}?\n", result.Error);
        Assert.Empty(result.Output);
    }

    [Theory]
    [InlineData("train x --l2 abc", "error DT2001: --l2 is \"abc\"\n  expected: a number, such as 1e-4\n")]
    [InlineData("train x --seed -1", "error DT2001: --seed is \"-1\"\n  expected: a whole number of at least 0\n")]
    [InlineData("train x --max-steps 1.5", "error DT2001: --max-steps is \"1.5\"\n  expected: a whole number\n")]
    [InlineData("train x --learning-rate fast", "error DT2001: --learning-rate is \"fast\"\n  expected: a number, such as 0.05\n")]
    [InlineData("train x --learning-rate-schedule cosin", "error DT2001: --learning-rate-schedule is \"cosin\"\n  expected: constant, step, cosine, inverse\n  did you mean \"cosine\"?\n")]
    [InlineData("train x --optimizer adan", "error DT2001: --optimizer is \"adan\"\n  expected: lbfgs, gd, sgd, momentum, nesterov, adam, adamw, adagrad, ftrl\n  did you mean \"adam\"?\n")]
    [InlineData("train x --format cvs", "error DT2001: --format is \"cvs\"\n  expected: csv, tsv, libsvm, dataset\n  did you mean \"csv\"?\n")]
    [InlineData("train x --l2", "error DT2001: --l2 needs a value\n  usage: --l2 F[,F…]\n")]
    public async Task A_value_of_the_wrong_type_exits_2(string line, string error)
    {
        var result = await _cli.Run(line);
        Assert.Equal((ExitCode.CommandLine, error), (result.Code, result.Error));
    }

    [Theory]
    [InlineData("predict", "predict needs MODEL", "predict MODEL INPUT [options]")]
    [InlineData("inspect", "inspect needs MODEL|RUN|DATASET", "inspect MODEL|RUN|DATASET [options]")]
    [InlineData("sample dense", "sample needs --out FILE", "sample NAME --out FILE [options]")]
    public async Task What_is_missing_is_told_with_the_usage(string line, string message, string usage)
    {
        var result = await _cli.Run(line);

        Assert.Equal(ExitCode.CommandLine, result.Code);
        Assert.Equal(
            $"error DT2001: {message}\n  usage: disttrain {usage}\n  fix: disttrain {line.Split(' ')[0]} --help shows how\n", result.Error);
    }

    [Fact]
    public async Task Unknown_options_and_those_not_there_yet_are_told_together()
    {
        var result = await _cli.Run("train x.csv --lable y --port 3");

        Assert.Equal(ExitCode.CommandLine, result.Code);
        Assert.Equal(
            "error DT2001: train has no --port\n  it belongs to coordinator and worker\n  fix: leave it out\n" +
            "error DT2001: unknown option \"--lable\"\n  did you mean --label?\n", result.Error);
    }

    [Fact]
    public async Task A_command_without_input_says_what_it_needs()
    {
        var result = await _cli.Run("train");

        Assert.Equal(ExitCode.CommandLine, result.Code);
        Assert.Equal(
            "error DT2003: train needs an INPUT\n  expected: files, globs or sample:NAME\n  fix: disttrain train --help shows how\n", result.Error);
    }

    [Fact]
    public async Task All_values_that_cannot_work_are_told_at_once()
    {
        var result = await _cli.Run(
            "train x.csv --l2 -1 --tolerance nan --epochs 0 --batch-size 0 --shards 0 --workers 0 --validation 1.5 --max-steps -1 --learning-rate 0 --max-classes 1 --warmup -1 --clip-norm 0 --weight-decay -1");

        Assert.Equal(ExitCode.Configuration, result.Code);
        foreach (var option in (string[])["--l2", "--tolerance", "--epochs", "--batch-size", "--shards", "--workers", "--validation",
            "--max-steps", "--learning-rate", "--max-classes", "--warmup", "--clip-norm", "--weight-decay"])
        {
            Assert.Contains($": {option} is ", result.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_error_is_a_json_object_on_stdout_where_json_was_asked_for()
    {
        var result = await _cli.Run("train ratings.csv --json");

        Assert.Equal(ExitCode.Input, result.Code);
        var error = result.Json.GetProperty("error");
        Assert.Equal("DT4001", error.GetProperty("code").GetString());
        Assert.Equal("ratings.csv: no such file", error.GetProperty("message").GetString());
        Assert.Equal("ratings.csv", error.GetProperty("file").GetString());
        Assert.Equal(["error"], result.Json.EnumerateObject().Select(property => property.Name));
    }

    [Fact]
    public async Task A_missing_file_names_the_nearest_one()
    {
        _cli.Write("books.csv", "a,label\n1,x\n");

        var result = await _cli.Run("train boks.csv");

        Assert.Equal(ExitCode.Input, result.Code);
        Assert.Equal("error DT4001: boks.csv: no such file\n  did you mean \"books.csv\"?\n", result.Error);
    }

    [Fact]
    public async Task A_malformed_cell_is_told_with_its_place()
    {
        _cli.Write("a.csv", "x,label\n1,a\nnan,b\n");

        var result = await _cli.Run("train a.csv --label label --numeric x --json");

        Assert.Equal(ExitCode.Input, result.Code);
        Assert.Contains("a.csv:3", result.Error, StringComparison.Ordinal);
        Assert.Equal(3, result.Json.GetProperty("error").GetProperty("line").GetInt32());
    }

    [Fact]
    public async Task A_sample_has_its_roles_already()
    {
        var result = await _cli.Run("train sample:preferences,rows=100 --label genre");
        Assert.Equal(ExitCode.Configuration, result.Code);
        Assert.Equal("error DT3203: --label has no meaning for a sample, whose columns have their roles already\n  fix: leave it out\n", result.Error);
    }

    [Fact]
    public async Task What_we_did_not_foresee_is_one_block_without_a_trace()
    {
        var result = await _cli.Run("--version", environment => environment with { Output = new BrokenWriter() });

        Assert.Equal(ExitCode.OurMistake, result.Code);
        Assert.StartsWith("error DT1000: a mistake of ours: broken\n  the trace is in ", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
        var trace = result.Error.Split('\n')[1].Replace("  the trace is in ", "", StringComparison.Ordinal);
        Assert.Contains(nameof(BrokenWriter), File.ReadAllText(trace), StringComparison.Ordinal);
        File.Delete(trace);
    }

    sealed class BrokenWriter : StringWriter
    {
        public override void WriteLine(string? value) => throw new InvalidOperationException("broken");
    }
}
