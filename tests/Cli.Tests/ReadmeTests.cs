using System.Text.RegularExpressions;
using DistTrain.Cli.Tests.Testing;

namespace DistTrain.Cli.Tests;

/// <summary>The README's first example is what the program prints.</summary>
public sealed partial class ReadmeTests
{
    const string Prompt = "$ dotnet run -c Release --project src/Cli -- ";

    [Fact]
    public async Task The_first_example_prints_what_the_readme_shows()
    {
        var (command, shown) = FirstExample();
        using var folder = new CliFolder();

        var result = (await folder.Run(command)).Done();

        var printed = Comparable(result.Error + result.Output);
        var unprinted = shown.Where(line => !printed.Contains(Comparable(line)[0])).ToArray();
        Assert.True(unprinted.Length == 0, $"Not printed:\n{string.Join('\n', unprinted)}\nPrinted:\n{result.Output}");
        Assert.Equal(Comparable(result.Output), Comparable(string.Join('\n', shown)).TakeLast(Comparable(result.Output).Length));
    }

    static (string Command, string[] Shown) FirstExample()
    {
        var lines = File.ReadAllLines(Path.Combine(RepositoryRoot(), "README.md"));
        var first = Array.FindIndex(lines, line => line.StartsWith(Prompt, StringComparison.Ordinal));
        return (lines[first][Prompt.Length..], [.. lines[(first + 1)..].TakeWhile(line => !line.StartsWith("```", StringComparison.Ordinal))]);
    }

    /// <summary>Lines without what may differ between machines: the number of workers and the time taken.</summary>
    static string[] Comparable(string text) => WorkersAndSeconds().Replace(text, "N workers, T s").TrimEnd('\n').Split('\n');

    static string RepositoryRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "DistTrain.sln"))) return folder.FullName;
        }
        throw new DirectoryNotFoundException("DistTrain.sln was not found above the test's folder.");
    }

    [GeneratedRegex(@"\d+ workers?, [0-9.]+ s")]
    private static partial Regex WorkersAndSeconds();
}
