using DistTrain.Problems;

namespace DistTrain.Node.CommandLine;

/// <summary>For a path that is not there, the one that is there and looks most like it.</summary>
static class NearestName
{
    /// <summary>A path in the same folder, written as <paramref name="typed"/> was; or null.</summary>
    public static string? Of(string typed, CliEnvironment environment)
    {
        var full = Path.TrimEndingDirectorySeparator(environment.FullPath(typed));
        var (folder, name) = (Path.GetDirectoryName(full), Path.GetFileName(full));
        if (folder is null || !Directory.Exists(folder)) return null;
        var names = Directory.EnumerateFileSystemEntries(folder).Select(path => Path.GetFileName(path)).Where(other => other != name);
        var near = Suggestion.For(name, names);
        return near is null ? null : Path.Combine(Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(typed)) ?? "", near);
    }
}
