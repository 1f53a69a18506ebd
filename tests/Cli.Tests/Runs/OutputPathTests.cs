using DistTrain.Cli.Tests.Testing;
using DistTrain.Problems;

namespace DistTrain.Cli.Tests.Runs;

public sealed class OutputPathTests : IDisposable
{
    readonly CliFolder _cli = new();

    public OutputPathTests()
    {
        _cli.Write("afile", "mine");
        _cli.Write("full/x", "mine");
        _cli.Write("taste.csv", SmallInput.Csv(60));
    }

    public void Dispose() => _cli.Dispose();

    [Theory]
    [InlineData("train taste.csv --out afile", "DT3207: --out afile: ", "is a file, not a folder")]
    [InlineData("train taste.csv --out afile/run", "DT3207: --out afile/run: ", "is a file, not a folder")]
    [InlineData("sample dense,rows=5 --out full", "DT3205: --out full: a folder is there", "fix: --out full/NAME")]
    [InlineData("sample dense,rows=5 --out afile/x.csv", "DT3207: --out afile/x.csv: ", "is a file, not a folder")]
    [InlineData("sample dense,rows=5 --out no/x.csv", "DT3206: --out no/x.csv: there is no folder ", "fix: make the folder")]
    public async Task A_place_that_cannot_be_written_exits_3(string line, string start, string part)
    {
        var result = await _cli.Run(line);

        Assert.Equal(ExitCode.Configuration, result.Code);
        Assert.StartsWith($"error {start}", result.Error, StringComparison.Ordinal);
        Assert.Contains(part, result.Error, StringComparison.Ordinal);
        Assert.Contains("\n  expected: ", result.Error, StringComparison.Ordinal);
        Assert.Equal("mine", _cli.Read("afile"));
    }

    [Theory, InlineData("train", "taste.csv"), InlineData("sample", "dense,rows=5")]
    public async Task An_empty_name_exits_3(string command, string operand)
    {
        var result = await _cli.RunArgs([command, operand, "--out", ""]);

        Assert.Equal(ExitCode.Configuration, result.Code);
        Assert.StartsWith("error DT3204: --out is empty\n", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Runs_that_is_a_file_is_told_too()
    {
        _cli.Write("runs", "mine");

        var result = await _cli.Run("train taste.csv");

        Assert.Equal(ExitCode.Configuration, result.Code);
        Assert.StartsWith("error DT3207: --out runs: ", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Predictions_do_not_overwrite_their_own_input()
    {
        (await _cli.Run("train taste.csv --out m")).Done();
        File.CreateSymbolicLink(_cli.PathOf("link.csv"), _cli.PathOf("taste.csv"));
        var before = _cli.Read("taste.csv");

        foreach (var line in (string[])["predict m taste.csv --out taste.csv", "predict m tast*.csv --out ./taste.csv", "predict m link.csv --out taste.csv"])
        {
            var result = await _cli.Run(line);
            Assert.Equal(ExitCode.Configuration, result.Code);
            Assert.StartsWith("error DT3208: --out ", result.Error, StringComparison.Ordinal);
            Assert.Contains(": it is an input of this command\n", result.Error, StringComparison.Ordinal);
        }
        var nowhere = await _cli.Run("predict m taste.csv --out no/p.csv");

        Assert.Equal(before, _cli.Read("taste.csv"));
        Assert.StartsWith("error DT3206: --out no/p.csv: there is no folder ", nowhere.Error, StringComparison.Ordinal);
    }
}
