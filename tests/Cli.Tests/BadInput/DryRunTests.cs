using DistTrain.Cli.Tests.Testing;
using DistTrain.Node.CommandLine;
using DistTrain.Problems;

namespace DistTrain.Cli.Tests.BadInput;

public sealed class DryRunTests : IDisposable
{
    readonly CliFolder _cli = new();

    public DryRunTests() => _cli.Write("taste.csv", SmallInput.Csv(120));

    public void Dispose() => _cli.Dispose();

    [Theory, InlineData(""), InlineData(" --out there/run"), InlineData(" --json"), InlineData(" --bad-rows quarantine"), InlineData(" --optimizer adam")]
    public async Task Nothing_is_written(string options)
    {
        (await _cli.Run($"train taste.csv --dry-run --quiet{options}")).Done();
        Assert.Equal([_cli.PathOf("taste.csv")], Directory.EnumerateFileSystemEntries(_cli.Root));
    }

    [Fact]
    public async Task It_says_what_the_run_then_has()
    {
        var planned = (await _cli.Run("train taste.csv --weight w --dry-run --json --quiet")).Done().Json;
        var trained = (await _cli.Run("train taste.csv --weight w --json --quiet")).Done().Json;

        Assert.True(planned.GetProperty("dryRun").GetBoolean());
        foreach (var field in (string[])["run", "features", "classes", "shards", "workers", "optimizer"])
            Assert.Equal(trained.GetProperty(field).ToString(), planned.GetProperty(field).ToString());
        Assert.Equal(trained.GetProperty("examples").GetInt32(), planned.GetProperty("trainingRows").GetInt32());
        Assert.Equal(
            trained.GetProperty("validation").GetProperty("examples").GetInt32(), planned.GetProperty("validationRows").GetInt32());
    }

    [Fact]
    public async Task A_run_folder_that_is_taken_is_found()
    {
        (await _cli.Run("train taste.csv --out run --quiet")).Done();
        Assert.StartsWith("error DT3201: ", (await _cli.Run("train taste.csv --out run --dry-run")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Going_on_with_a_run_is_checked_too()
    {
        (await _cli.Run("train taste.csv --out run --quiet --workers 2")).Done();
        File.Delete(_cli.PathOf("run/result.json")); // As if it had not ended.

        var planned = (await _cli.Run("train --resume run --dry-run --quiet")).Done();
        _cli.Write("taste.csv", SmallInput.Csv(121));
        var changed = await _cli.Run("train --resume run --dry-run --quiet");

        Assert.Contains("run       run (as it is)\n", planned.Output, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Configuration, changed.Code);
        Assert.StartsWith(
            "error DT3222: --resume run: the input is no longer what the run was begun with\n", changed.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(_cli.PathOf("run/result.json")));
    }

    /// <summary>A machine with less memory than the program itself takes.</summary>
    [Fact]
    public async Task Memory_is_that_of_the_machine_unless_a_limit_is_typed()
    {
        CliEnvironment Small(CliEnvironment environment) => environment with { MemoryBytes = 64 << 20 };

        var refused = await _cli.Run("train taste.csv --workers 1 --json", Small);

        Assert.Equal(ExitCode.Resources, refused.Code);
        Assert.Equal("DT9004", refused.Json.GetProperty("error").GetProperty("code").GetString());
        Assert.Contains("64.0 MiB are there (this machine's; --memory-limit to change)\n", refused.Error, StringComparison.Ordinal);
        (await _cli.Run("train taste.csv --workers 1 --dry-run --memory-limit 1G", Small)).Done();
    }
}
