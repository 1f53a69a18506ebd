namespace DistTrain.Shared.Tests.Testing;

/// <summary>The real datasets beside the checkout, in shared/data; a test says so and returns where they are absent.</summary>
public static class RealData
{
    /// <summary>The path of a file in shared/data, or null.</summary>
    public static string? PathOf(string relativePath)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "shared", "data", relativePath);
            if (File.Exists(candidate)) return candidate;
        }
        return null;
    }

    /// <summary>
    /// A CSV file without quotes whose columns all become one-hot features, levels in ordinal order, but the last, the class.
    /// </summary>
    public static PlainProblem OneHot(string path)
    {
        var rows = File.ReadLines(path).Skip(1).Select(line => line.Split(',')).ToArray();
        var columns = Enumerable.Range(0, rows[0].Length)
            .Select(c => rows.Select(row => row[c]).Distinct().Order(StringComparer.Ordinal).ToArray()).ToArray();
        var features = rows.Select(row => columns[..^1]
            .SelectMany((levels, c) => levels.Select(level => level == row[c] ? 1.0 : 0.0)).ToArray()).ToArray();
        return new(features, [.. rows.Select(row => Array.IndexOf(columns[^1], row[^1]))], columns[^1].Length);
    }
}
