using DistTrain.Node.CommandLine;
using DistTrain.Problems;

namespace DistTrain.Cli.Tests;

public class MistakesTests
{
    [Theory, InlineData(28), InlineData(unchecked((int)0x80070070))]
    public void A_full_disk_is_named(int result)
    {
        var problem = Mistakes.Foreseen(new IOException("No space left on device", result));
        Assert.Equal(
            ("DT9002", ExitCode.Resources, "the disk is full (No space left on device)"),
            (problem?.Code, problem?.ExitCode, problem?.Message));
    }

    [Fact]
    public void Missing_rights_are_named()
    {
        var problem = Mistakes.Foreseen(new UnauthorizedAccessException("Access to the path is denied."));
        Assert.Equal(("DT9003", ExitCode.Resources), (problem?.Code, problem?.ExitCode));
        Assert.Equal(["fix: choose a place that may be written, with --out DIR"], problem!.Details);
    }

    [Fact]
    public void A_disk_that_fails_is_named()
    {
        var problem = Mistakes.Foreseen(new IOException("r/model could not be flushed to the disk: Input/output error", 5));

        Assert.Equal(
            ("DT9006", ExitCode.Resources, "the disk fails (r/model could not be flushed to the disk: Input/output error)"),
            (problem?.Code, problem?.ExitCode, problem?.Message));
    }

    [Fact]
    public void Other_trouble_is_not_foreseen() => Assert.Null(Mistakes.Foreseen(new IOException("torn")));
}
