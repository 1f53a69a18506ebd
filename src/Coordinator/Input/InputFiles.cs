using System.Collections.Immutable;
using System.IO.Enumeration;
using DistTrain.Node.CommandLine;
using DistTrain.Problems;

namespace DistTrain.Coordinator.Input;

/// <summary>From what was typed to the files it names.</summary>
static class InputFiles
{
    const string SamplePrefix = "sample:";

    public static bool IsSample(string typed) => typed.StartsWith(SamplePrefix, StringComparison.Ordinal);

    /// <summary>What stands behind "sample:".</summary>
    public static string SampleOf(string typed) => typed[SamplePrefix.Length..];

    /// <summary>The files, in the order of the command line, globs in ordinal order.</summary>
    /// <exception cref="ProblemsFoundException">DT4001 for everything that is not there.</exception>
    public static ImmutableArray<DiskFile> Find(IReadOnlyList<string> typed, CliEnvironment environment)
    {
        var found = typed.Select(name => (Name: name, Paths: Expand(name, environment))).ToList();
        ProblemsFoundException.ThrowIfAny(found.Where(item => item.Paths.Count == 0).Select(item => NotThere(item.Name, environment)));
        return [.. found.SelectMany(item => item.Paths).Select(path => new DiskFile(path, environment))];
    }

    /// <summary>The names of the files that there are, samples and what is not there left out.</summary>
    public static IEnumerable<string> NamesOf(IReadOnlyList<string> typed, CliEnvironment environment) =>
        typed.Where(name => !IsSample(name)).SelectMany(name => Expand(name, environment));

    /// <summary>A short name for the run of these inputs.</summary>
    public static string RunName(string firstInput)
    {
        if (IsSample(firstInput)) return SampleOf(firstInput).Split(',')[0];
        var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(firstInput));
        return name.TrimStart('.').Split('.')[0] is { Length: > 0 } stem ? stem : name;
    }

    static IReadOnlyList<string> Expand(string typed, CliEnvironment environment)
    {
        if (File.Exists(environment.FullPath(typed))) return [typed];
        if (typed.AsSpan().IndexOfAny('*', '?') < 0) return [];
        var root = Path.GetPathRoot(typed) ?? "";
        IEnumerable<string> matches = [root];
        foreach (var segment in typed[root.Length..].Split('/', Path.DirectorySeparatorChar))
            matches = [.. matches.SelectMany(folder => Matches(folder, segment, environment))];
        return [.. matches.Where(path => File.Exists(environment.FullPath(path))).Order(StringComparer.Ordinal)];
    }

    /// <summary>What in one folder fits one segment of a glob; a path as typed so far, and the rest.</summary>
    static IEnumerable<string> Matches(string folder, string segment, CliEnvironment environment)
    {
        var path = environment.FullPath(folder.Length == 0 ? "." : folder);
        if (segment.AsSpan().IndexOfAny('*', '?') < 0) return [Path.Combine(folder, segment)];
        if (!Directory.Exists(path)) return [];
        return Directory.EnumerateFileSystemEntries(path)
            .Select(entry => Path.GetFileName(entry))
            .Where(name => FileSystemName.MatchesSimpleExpression(segment, name, ignoreCase: false))
            .Where(name => name[0] != '.' || segment[0] == '.')
            .Select(name => Path.Combine(folder, name));
    }

    static Problem NotThere(string typed, CliEnvironment environment)
    {
        var what = Directory.Exists(environment.FullPath(typed)) ? "a folder, not a file"
            : typed.AsSpan().IndexOfAny('*', '?') >= 0 ? "no file matches"
            : "no such file";
        var advice = NearestName.Of(typed, environment) is { } near
            ? $"did you mean \"{near}\"?"
            : "fix: check the path, seen from the current folder";
        return new Problem("DT4001", ExitCode.Input, $"{typed}: {what}", advice) { File = typed };
    }
}
