using DistTrain.Cli.Tests.Testing;
using DistTrain.Coordinator.Input;
using DistTrain.Node.CommandLine;

namespace DistTrain.Cli.Tests.Input;

public sealed class InputFilesTests : IDisposable
{
    readonly CliFolder _cli = new();

    public InputFilesTests()
    {
        foreach (var name in (string[])["b.csv", "a.csv", "B.csv", ".hidden.csv", "x.tsv", "deep/one/z.csv", "deep/two/y.csv"])
            _cli.Write(name, "");
    }

    public void Dispose() => _cli.Dispose();

    [Theory]
    [InlineData("*.csv", "B.csv a.csv b.csv")]
    [InlineData("?.csv", "B.csv a.csv b.csv")]
    [InlineData("x.tsv a.csv", "x.tsv a.csv")]
    [InlineData("deep/*/*.csv", "deep/one/z.csv deep/two/y.csv")]
    [InlineData("b.csv [ab].csv*", null)]
    [InlineData("./a.csv", "./a.csv")]
    public void Globs_expand_in_ordinal_order_and_files_stay_in_the_order_typed(string typed, string? found)
    {
        using var stop = new StopSignal();
        var environment = CliEnvironment.OfProcess(stop) with { Directory = _cli.Root };

        if (found is null)
            Assert.Throws<ProblemsFoundException>(() => InputFiles.Find(typed.Split(' '), environment));
        else
            Assert.Equal(found.Split(' '), InputFiles.Find(typed.Split(' '), environment).Select(file => file.Name));
    }

    [Fact]
    public void Everything_that_is_missing_is_told_at_once()
    {
        using var stop = new StopSignal();
        var environment = CliEnvironment.OfProcess(stop) with { Directory = _cli.Root };

        var problems = Assert.Throws<ProblemsFoundException>(() => InputFiles.Find(["nope.csv", "deep", "q*.csv"], environment)).Problems;

        Assert.Equal(["nope.csv: no such file", "deep: a folder, not a file", "q*.csv: no file matches"], problems.Select(p => p.Message));
    }

    [Theory]
    [InlineData("data/nursery.csv.gz", "nursery")]
    [InlineData("sample:preferences,rows=3", "preferences")]
    [InlineData(".data", "data")]
    [InlineData("ratings", "ratings")]
    public void A_run_is_named_after_its_input(string input, string name) => Assert.Equal(name, InputFiles.RunName(input));
}
