using DistTrain.Cli.Tests.Testing;
using DistTrain.Node.CommandLine;
using DistTrain.Problems;

namespace DistTrain.Cli.Tests;

public sealed class NotYetTests : IDisposable
{
    readonly CliFolder _cli = new();

    public static TheoryData<string, string> Lines
    {
        get
        {
            var lines = new TheoryData<string, string>();
            foreach (var command in NotYet.Commands) lines.Add($"{command} something --port 7", command);
            foreach (var option in NotYet.InputOptions) lines.Add($"train x.csv {option} 1", option);
            foreach (var option in NotYet.InputOptions) lines.Add($"coordinator x.csv {option} 1", option);
            foreach (var option in NotYet.InputOptions) lines.Add($"evaluate m x.csv {option}=1", option);
            foreach (var option in NotYet.InputOptions) lines.Add($"predict m x.csv {option}=1", option);
            foreach (var option in NotYet.InputOptions) lines.Add($"prepare x.csv --out d {option}=1", option);
            lines.Add("train x.csv --format parquet", "--format parquet");
            lines.Add("prepare x.csv --out d --format parquet", "--format parquet");
            return lines;
        }
    }

    public void Dispose() => _cli.Dispose();

    [Theory, MemberData(nameof(Lines))]
    public async Task What_is_not_there_yet_says_so_and_exits_2(string line, string what)
    {
        var result = await _cli.Run(line);

        Assert.Equal(ExitCode.CommandLine, result.Code);
        Assert.StartsWith($"error DT2002: {what} is not available in this version\n  ", result.Error, StringComparison.Ordinal);
        Assert.Contains("\n  fix: ", result.Error, StringComparison.Ordinal);
        Assert.Single(result.Error.Split('\n'), line => line.StartsWith("error ", StringComparison.Ordinal));
        Assert.Empty(result.Output);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_cli.Root));
    }

    [Fact]
    public async Task All_of_them_are_told_at_once()
    {
        var result = await _cli.Run("train x.csv --recipe r --format parquet");
        Assert.Equal(2, result.Error.Split('\n').Count(line => line.StartsWith("error DT2002: ", StringComparison.Ordinal)));
    }

    public static TheoryData<string> NodeOptionNames => [.. NodeOptions.Names];

    [Theory, MemberData(nameof(NodeOptionNames))]
    public async Task Train_knows_the_options_of_nodes_and_says_whose_they_are(string option)
    {
        foreach (var line in new[] { $"train x.csv {option}", $"train x.csv {option} 1" })
        {
            var result = await _cli.Run(line);

            Assert.Equal(ExitCode.CommandLine, result.Code);
            Assert.Equal(
                $"error DT2001: train has no {option}\n  it belongs to coordinator and worker\n  fix: leave it out\n", result.Error);
        }
    }
}
