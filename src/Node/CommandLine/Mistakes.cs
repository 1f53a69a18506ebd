using System.Globalization;
using DistTrain.Problems;

namespace DistTrain.Node.CommandLine;

/// <summary>What we did not foresee: one block for the user, the trace into a file.</summary>
static class Mistakes
{
    const int DiskFull = unchecked((int)0x80070070);
    const int NoSpaceLeft = 28;
    const int DiskFails = 5;

    /// <summary>The problem to show for an exception that nobody caught; its trace is written beside the other temporary files.</summary>
    public static Problem ProblemOf(Exception e, CliEnvironment environment)
    {
        if (Foreseen(e) is { } problem) return problem;
        var time = environment.Clock.GetUtcNow().ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture);
        var path = Path.Combine(Path.GetTempPath(), $"disttrain-{time}-{Environment.ProcessId}.log");
        return TryWriteTrace(path, e) ? Unforeseen(e, path) : UnforeseenOf(e, $"its trace could not be written to {path}");
    }

    /// <summary>The problem of a disk or memory that is full, of rights that are missing; null for anything else.</summary>
    public static Problem? Foreseen(Exception e) => e switch
    {
        IOException io when io.HResult is DiskFull or NoSpaceLeft => new("DT9002", ExitCode.Resources, $"the disk is full ({io.Message})"),
        IOException { HResult: DiskFails } io => new(
            "DT9006", ExitCode.Resources, $"the disk fails ({io.Message})",
            "fix: another disk, with --out DIR; what was saved before can be resumed"),
        UnauthorizedAccessException => new(
            "DT9003", ExitCode.Resources, e.Message, "fix: choose a place that may be written, with --out DIR"),
        _ => KnownCauses.ProblemOf(e),
    };

    /// <summary>DT1000: our own mistake, with the place of its trace.</summary>
    public static Problem Unforeseen(Exception e, string tracePath) =>
        UnforeseenOf(e, $"the trace is in {tracePath}", "fix: please report it, with that file");

    static Problem UnforeseenOf(Exception e, params string[] details) =>
        new("DT1000", ExitCode.OurMistake, $"a mistake of ours: {e.Message.ReplaceLineEndings(" ")}", details);

    static bool TryWriteTrace(string path, Exception e)
    {
        try
        {
            File.AppendAllText(path, e + "\n");
            return true;
        }
        catch (Exception unwritten) when (unwritten is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
