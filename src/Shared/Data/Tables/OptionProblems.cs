using DistTrain.Problems;

namespace DistTrain.Data.Tables;

/// <summary>What is wrong with the input options: DT21xx (unknown names) and DT311x (values and combinations that cannot work).</summary>
static class OptionProblems
{
    public static Problem UnknownEncoding(string name) =>
        new("DT2101", ExitCode.CommandLine, $"--encoding \"{name}\" is not a known encoding",
            ["expected: a name such as utf-8, latin-1, windows-1252 or utf-16", .. NearEncoding(name)]);

    static IEnumerable<string> NearEncoding(string name) =>
        Suggestion.For(name, ["utf-8", "latin-1", "windows-1252", "utf-16", "iso-8859-1", "us-ascii"]) is { } near
            ? [$"did you mean {near}?"]
            : [];

    public static Problem Delimiter(string delimiter) =>
        new("DT3111", ExitCode.Configuration, $"--delimiter \"{delimiter}\" cannot separate cells",
            "expected: one to eight characters without quotes and line ends, such as , or ; or :: or \\t");

    public static Problem DelimiterOfTsv(string delimiter) =>
        new("DT3112", ExitCode.Configuration, $"--delimiter \"{delimiter}\" contradicts --format tsv", "fix: --format csv");

    public static Problem OptionOfLibsvm(string option) =>
        new("DT3113", ExitCode.Configuration, $"{option} has no meaning for LIBSVM input, which has no named columns",
            "expected: each line starts with its label", "fix: leave the option out");

    public static Problem IndexBase(int found) =>
        new("DT3114", ExitCode.Configuration, $"--index-base is {found}", "expected: 0 or 1");

    public static Problem IndexBaseOfText() =>
        new("DT3115", ExitCode.Configuration, "--index-base has no meaning for delimited text", "fix: leave the option out");

    public static Problem SeveralRoles(string column, string options) =>
        new("DT3116", ExitCode.Configuration, $"column \"{column}\" is named by {options}", "expected: one role for each column");
}
