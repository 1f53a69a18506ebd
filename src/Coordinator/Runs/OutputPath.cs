using DistTrain.Node.CommandLine;
using DistTrain.Problems;

namespace DistTrain.Coordinator.Runs;

/// <summary>Whether what was typed with --out can be written, told before any work is done: DT3204 to DT3208.</summary>
static class OutputPath
{
    /// <summary>The faults of a file to write.</summary>
    /// <param name="typed">As typed; null where it was not: nothing is wrong then.</param>
    /// <param name="inputs">Files that the command reads, as typed; none of them may be overwritten.</param>
    public static IEnumerable<Problem> ProblemsOfFile(string? typed, IEnumerable<string> inputs, CliEnvironment environment)
    {
        if (typed is null) yield break;
        if (typed.Length == 0)
        {
            yield return Empty("the name of a file");
            yield break;
        }
        var path = environment.FullPath(typed);
        if (Directory.Exists(path))
            yield return Fault("DT3205", $"--out {typed}: a folder is there", "the name of a file", $"--out {Path.Combine(typed, "NAME")}");
        else if (inputs.Any(input => Resolved(environment.FullPath(input)) == Resolved(path)))
            yield return Fault("DT3208", $"--out {typed}: it is an input of this command", "another file", "name a file that is not read");
        else if (ProblemOfParent(typed, path) is { } problem)
            yield return problem;
    }

    /// <summary>The faults of a folder that is to be made, its parents with it.</summary>
    public static IEnumerable<Problem> ProblemsOfFolder(string typed, CliEnvironment environment)
    {
        if (typed.Length == 0) yield return Empty("the name of a folder");
        else if (NearestThere(environment.FullPath(typed)) is { } file && File.Exists(file))
            yield return InTheWay(typed, file);
    }

    /// <summary>Makes a file in the nearest folder that is there, and takes it away again.</summary>
    /// <exception cref="IOException">It cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be made.</exception>
    public static void Probe(string path)
    {
        var probe = Path.Combine(NearestThere(path)!, $".{Guid.NewGuid():N}.tmp");
        new FileStream(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose).Dispose();
    }

    /// <summary>A file is written into a folder that is there already; it is not made.</summary>
    static Problem? ProblemOfParent(string typed, string path)
    {
        var parent = Path.GetDirectoryName(path)!;
        if (Directory.Exists(parent)) return null;
        return NearestThere(parent) is { } file && File.Exists(file)
            ? InTheWay(typed, file)
            : Fault("DT3206", $"--out {typed}: there is no folder {parent}",
                "a file in a folder that is there", "make the folder, or name another one");
    }

    /// <summary>The path itself or the nearest of its parents that is there.</summary>
    static string? NearestThere(string path)
    {
        var there = path;
        while (there is not null && !Path.Exists(there)) there = Path.GetDirectoryName(there);
        return there;
    }

    /// <summary>The file behind links, so that one file under two names is known as one.</summary>
    static string Resolved(string path) =>
        File.Exists(path) ? File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path : path;

    static Problem Empty(string expected) => Fault("DT3204", "--out is empty", expected, "name it, or leave --out away");

    static Problem InTheWay(string typed, string file) =>
        Fault("DT3207", $"--out {typed}: {file} is a file, not a folder", "a place where a folder is or can be made", "name another place");

    static Problem Fault(string code, string message, string expected, string fix) =>
        new(code, ExitCode.Configuration, message, $"expected: {expected}", $"fix: {fix}");
}
