using System.Globalization;
using System.Text.RegularExpressions;

namespace DistTrain.Architecture.Tests;

/// <summary>
/// docs/errors.md against the source and the tests: a code is on the page if, and only if, the product has it, and some test meets it.
/// </summary>
public sealed partial class ErrorPageTests
{
    static readonly string Root = RepositoryRoot();
    static readonly IReadOnlyList<PageRow> Page = ReadPage();

    [Fact]
    public void Every_code_of_the_source_is_on_the_page() =>
        Assert.Empty(CodesIn("src", "*.cs", QuotedCode()).Except(Page.Select(row => row.Code)).Order());

    [Fact]
    public void Every_code_on_the_page_is_in_the_source() =>
        Assert.Empty(Page.Select(row => row.Code).Except(CodesIn("src", "*.cs", QuotedCode())).Order());

    /// <summary>
    /// A test meets a code where it compares with it (a literal, or a line of one, that begins with the code, or with "error" and the code)
    /// or where a transcript has its block. A literal that only makes a problem of its own, to see it passed on, does not count.
    /// </summary>
    [Fact]
    public void Every_code_on_the_page_is_triggered_by_a_test()
    {
        var met = CodesIn("tests", "*.cs", ComparedCode()).Concat(CodesIn("tests", "*.txt", PrintedCode()));
        Assert.Empty(Page.Select(row => row.Code).Except(met).Order());
    }

    [Fact]
    public void The_page_is_in_order_and_names_each_code_once() =>
        Assert.Equal(Page.Select(row => row.Code).Distinct().Order(StringComparer.Ordinal), Page.Select(row => row.Code));

    [Fact]
    public void A_code_begins_with_its_exit_code_unless_it_is_of_a_signal_or_a_warning() =>
        Assert.All(Page, row => Assert.True(
            row.ExitCodes.All(exit => exit == row.Code[2..3] || exit is "0" or "130" or "143"), $"{row.Code} exits with {string.Join(", ", row.ExitCodes)}"));

    [Fact]
    public void Every_row_says_what_it_means_and_what_to_do() =>
        Assert.All(Page, row => Assert.True(row.Meaning.Length > 0 && row.Fix.Length > 0, row.Code));

    static List<PageRow> ReadPage()
    {
        var rows =
            from line in File.ReadLines(Path.Combine(Root, "docs", "errors.md"))
            where line.StartsWith("| DT", StringComparison.Ordinal)
            let cells = line.Trim('|', ' ').Split(" | ")
            select new PageRow(cells[0], cells[1].Split(", "), cells[2], cells[3]);
        return [.. rows];
    }

    static HashSet<string> CodesIn(string folder, string pattern, Regex code)
    {
        var codes =
            from file in Directory.EnumerateFiles(Path.Combine(Root, folder), pattern, SearchOption.AllDirectories)
            where !IsBuilt(file)
            from line in File.ReadLines(file)
            where !line.TrimStart().StartsWith("//", StringComparison.Ordinal)
            from Match match in code.Matches(line)
            select string.Create(CultureInfo.InvariantCulture, $"DT{match.Groups["number"].Value}");
        return [.. codes];
    }

    static bool IsBuilt(string file) =>
        Path.GetRelativePath(Root, file).Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin");

    static string RepositoryRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "DistTrain.sln"))) return folder.FullName;
        }
        throw new DirectoryNotFoundException("DistTrain.sln was not found above the test's folder.");
    }

    sealed record PageRow(string Code, string[] ExitCodes, string Meaning, string Fix);

    [GeneratedRegex("\"DT(?<number>[0-9]{4})\"")]
    private static partial Regex QuotedCode();

    [GeneratedRegex("((?<!new ?(Problem)?\\()\"((error|warning) )?|^ +)DT(?<number>[0-9]{4})(?![0-9])")]
    private static partial Regex ComparedCode();

    [GeneratedRegex("^ *(error|fail) DT(?<number>[0-9]{4})(: | \\()")]
    private static partial Regex PrintedCode();
}
