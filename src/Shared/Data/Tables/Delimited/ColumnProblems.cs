using DistTrain.Problems;

namespace DistTrain.Data.Tables.Delimited;

/// <summary>What is wrong with a file's columns: DT44xx.</summary>
static class ColumnProblems
{
    /// <summary>Most columns of a table of text.</summary>
    public const int ColumnsMax = 65_536;

    const int ColumnsListedMax = 30;

    /// <param name="unknown">Names that options give, at least one.</param>
    public static Problem Unknown(string file, IReadOnlyList<(string Name, string Option)> unknown, IReadOnlyList<string> columns) =>
        At("DT4401", file,
            $"{file} has no {(unknown.Count == 1 ? "column" : "columns")} "
            + string.Join(", ", unknown.Select(named => $"\"{named.Name}\" ({named.Option})")),
            [Listed(columns), .. Near([.. unknown.Select(named => named.Name)], columns), "fix: names as in the header, case included"]);

    public static Problem NoLabel(string file, IReadOnlyList<string> columns) =>
        At("DT4402", file, $"{file} has no column with a common label name", [Listed(columns), "fix: --label NAME"]);

    public static Problem Duplicate(CellPlace place, string name) =>
        At("DT4403", place.File, $"{place}: the header names column \"{name}\" twice",
            ["expected: distinct names", "fix: rename one of them"], place.Line);

    public static Problem Nameless(CellPlace place, int column) =>
        At("DT4404", place.File, $"{place}: column {column} of the header has no name",
            ["expected: a name for each column", "fix: name it; to leave the column out, name it in --ignore too"], place.Line);

    public static Problem NoHeader(string file, long line) =>
        At("DT4405", file, $"{file}:{line}: the first line holds only numbers, so it looks like data, not like a header",
            ["expected: a first line with the names of the columns", "fix: add a header line, or --format libsvm if it is that"], line);

    public static Problem HeadersDiffer(string file, long line, string first, string found, string expected) =>
        At("DT4406", file, $"{file}:{line}: the header differs from that of {first}",
            [$"found: {found}", $"expected: {expected}, as in {first}", "fix: the same columns in the same order, or a run for each file"],
            line);

    public static Problem TooMany(string file, int count) =>
        At("DT4407", file, $"{file} has {count} columns", [$"expected: at most {ColumnsMax}", "fix: LIBSVM, for wide and sparse data"]);

    public static Problem NoFeatures(string file) =>
        At("DT4408", file, $"{file} has no column left to learn from",
            ["expected: a column beside label, weight and ignored ones", "fix: add a column, or fewer in --ignore"]);

    public static Problem MissingForModel(string file, IReadOnlyList<string> missing, IReadOnlyList<string> columns) =>
        At("DT4409", file, $"{file} lacks {(missing.Count == 1 ? "column" : "columns")} {Quoted(missing)}, which the model was trained on",
            [Listed(columns), .. Near(missing, columns), "fix: add or rename columns; their order does not matter"]);

    /// <summary>Suggestions; where several names are unknown, each says for which it is.</summary>
    static IEnumerable<string> Near(IReadOnlyList<string> names, IReadOnlyList<string> columns) =>
        from name in names
        let near = Suggestion.For(name, columns)
        where near is not null
        select names.Count == 1 ? $"did you mean \"{near}\"?" : $"did you mean \"{near}\" for \"{name}\"?";

    static string Listed(IReadOnlyList<string> columns) =>
        $"columns: {Quoted(columns)}";

    /// <summary>Names in quotes, not all where they are many.</summary>
    public static string Quoted(IReadOnlyList<string> names) =>
        string.Join(", ", names.Take(ColumnsListedMax).Select(name => $"\"{name}\""))
        + (names.Count > ColumnsListedMax ? $", … ({names.Count})" : "");

    static Problem At(string code, string file, string message, string[] details, long? line = null) =>
        new(code, ExitCode.Input, message, details) { File = file, Line = line };
}
