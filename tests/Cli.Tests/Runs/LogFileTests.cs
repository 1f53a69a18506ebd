using DistTrain.Cli.Tests.Testing;
using DistTrain.Coordinator.Runs;
using DistTrain.Node.CommandLine;
using Microsoft.Extensions.Logging;

namespace DistTrain.Cli.Tests.Runs;

/// <summary>log.txt on a disk that is full.</summary>
public sealed class LogFileTests
{
    /// <summary>Linux has a file that takes nothing: each write ends with "no space left on device".</summary>
    const string FullDisk = "/dev/full";

    [Fact]
    public void A_file_that_takes_no_more_lines_is_given_up_with_one_warning()
    {
        if (!File.Exists(FullDisk)) return;
        var error = new StringWriter { NewLine = "\n" };
        using (var log = new LogFile(new StreamWriter(FullDisk), TimeProvider.System, new Talk(error, isQuiet: false)))
        {
            log.Write(LogLevel.Information, "test", "first");
            log.Write(LogLevel.Information, "test", "second");
        }

        Assert.Matches("^warning: the log ends here, its file cannot be written: [^\n]+\n$", error.ToString());
    }

    [Fact]
    public async Task A_run_goes_on_without_its_log()
    {
        if (!File.Exists(FullDisk)) return;
        using var cli = new CliFolder();
        Directory.CreateDirectory(cli.PathOf("r"));
        File.CreateSymbolicLink(cli.PathOf("r/log.txt"), FullDisk);

        var run = (await cli.Run("train sample:dense,rows=200,features=3,classes=3 --out r --json")).Done();
        var other = (await cli.Run("train sample:dense,rows=200,features=3,classes=3 --out s --json")).Done();

        Assert.Contains("\nwarning: the log ends here, its file cannot be written: ", run.Error, StringComparison.Ordinal);
        Assert.Equal(other.Json.GetProperty("parametersSha256").GetString(), run.Json.GetProperty("parametersSha256").GetString());
    }
}
