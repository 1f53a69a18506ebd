using System.Text.RegularExpressions;

namespace DistTrain.Architecture.Tests;

/// <summary>Rules that the compiler does not hold: read from the source tree itself.</summary>
public sealed partial class SourceRuleTests
{
    static readonly string Root = RepositoryRoot();

    [Fact]
    public void Compute_never_runs_on_the_shared_pool()
    {
        Assert.DoesNotContain(LinesOf("src"), line => SharedPoolCompute().IsMatch(line.Text));
    }

    [Fact]
    public void No_warning_is_silenced_in_code()
    {
        Assert.DoesNotContain(LinesOf("src").Concat(LinesOf("tests")), line => SilencedWarning().IsMatch(line.Text));
    }

    [Fact]
    public void What_is_to_be_compiled_fully_can_be_compiled_ahead()
    {
        // AggressiveOptimization never is: Compilation.Full stands for it where nothing is compiled ahead.
        var line = Assert.Single(LinesOf("src"), line => line.Text.Contains("MethodImplOptions.AggressiveOptimization", StringComparison.Ordinal));
        Assert.EndsWith("Compilation.cs", line.File);
    }

    [Fact]
    public void Tests_do_not_sleep()
    {
        Assert.DoesNotContain(LinesOf("tests"), line => Sleeping().IsMatch(line.Text));
    }

    [Fact]
    public void Shared_bans_what_would_change_bits_or_touch_the_world()
    {
        var banned = File.ReadAllText(Path.Combine(Root, "src", "Shared", "BannedSymbols.txt"));

        foreach (var symbol in new[]
                 {
                     "System.Math.Exp", "System.Math.Log", "System.Math.Pow", "T:System.MathF", "T:System.Numerics.Vector`1",
                     "Vector256.Sum", "MultiplyAddEstimate", "TensorPrimitives", "T:System.Random", "T:System.IO.File",
                     "System.DateTime.UtcNow", "T:System.Diagnostics.Stopwatch", "T:System.Console",
                 })
        {
            Assert.Contains(symbol, banned, StringComparison.Ordinal);
        }
        Assert.Contains("BannedApiAnalyzers", File.ReadAllText(Path.Combine(Root, "src", "Shared", "DistTrain.Shared.csproj")));
    }

    static IEnumerable<SourceLine> LinesOf(string folder) =>
        from file in Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories)
        where !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
            && !file.EndsWith("SourceRuleTests.cs", StringComparison.Ordinal)
        from line in File.ReadLines(file).Select((text, index) => new SourceLine(Path.GetRelativePath(Root, file), index + 1, text))
        select line;

    static string RepositoryRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "DistTrain.sln"))) return folder.FullName;
        }
        throw new DirectoryNotFoundException("DistTrain.sln was not found above the test's folder.");
    }

    sealed record SourceLine(string File, int Number, string Text);

    [GeneratedRegex(@"Parallel\.For|Task\.Run\(|\.AsParallel\(|ThreadPool\.(Queue|Unsafe)")]
    private static partial Regex SharedPoolCompute();

    [GeneratedRegex(@"#pragma warning disable|SuppressMessage")]
    private static partial Regex SilencedWarning();

    [GeneratedRegex(@"Thread\.Sleep|Task\.Delay|Skip\s*=\s*""")]
    private static partial Regex Sleeping();
}
