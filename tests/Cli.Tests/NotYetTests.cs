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
            foreach (var option in NotYet.TrainOptions.Concat(NotYet.InputOptions)) lines.Add($"train x.csv {option} 1", option);
            foreach (var option in NotYet.TrainOptions) lines.Add($"train x.csv {option}", option);
            foreach (var option in NotYet.InputOptions) lines.Add($"evaluate m x.csv {option}=1", option);
            foreach (var option in NotYet.InputOptions) lines.Add($"predict m x.csv {option}=1", option);
            foreach (var format in (string[])["parquet", "dataset"]) lines.Add($"train x.csv --format {format}", $"--format {format}");
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
        var result = await _cli.Run("train x.csv --recipe r --join h --threads 5");
        Assert.Equal(3, result.Error.Split('\n').Count(line => line.StartsWith("error DT2002: ", StringComparison.Ordinal)));
    }
}
