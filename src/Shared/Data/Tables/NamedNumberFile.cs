using System.Collections.Immutable;
using DistTrain.Data.Tables.Delimited;
using DistTrain.Data.Tables.Detection;
using DistTrain.Data.Tables.Input;
using DistTrain.Data.Tables.Parsing;
using DistTrain.Problems;

namespace DistTrain.Data.Tables;

/// <summary>A small CSV file in UTF-8 that gives names numbers: a header of two columns, then one name and its number a line.</summary>
public static class NamedNumberFile
{
    /// <param name="nameColumn">The first column's name in the header, which is required.</param>
    /// <param name="numberColumn">The second's.</param>
    /// <param name="isFit">Whether a finite number is one.</param>
    /// <param name="expected">What numbers are expected, in words.</param>
    /// <returns>The lines in order, no name twice.</returns>
    /// <exception cref="DistTrainException">DT4601 to DT4604 with the place, or what is wrong with any text file.</exception>
    public static ImmutableArray<NamedNumber> Read(
        IInputFile file, string nameColumn, string numberColumn, Func<double, bool> isFit, string expected)
    {
        using var rows = new DelimitedRows(file, new DetectedFormat(TableFormat.Csv, ",", TextEncoding.Utf8, []));
        ReadHeader(rows, nameColumn, numberColumn);
        var known = new HashSet<string>(StringComparer.Ordinal);
        var numbers = ImmutableArray.CreateBuilder<NamedNumber>();
        while (rows.Read())
        {
            if (rows.CellCount != 2) throw NamedNumberProblems.RowLength(rows.File, rows.Line, rows.CellCount, nameColumn, numberColumn).AsException();

            var name = rows.TextOf(rows.Cell(0));
            if (!known.Add(name)) throw NamedNumberProblems.Twice(rows.PlaceOf(0), nameColumn, name).AsException();

            var cell = rows.Cell(1);
            if (DecimalText.Read(cell, out var number) is not NumberKind.Finite || !isFit(number))
                throw NamedNumberProblems.Number(rows.PlaceOf(1), numberColumn, rows.TextOf(cell), expected).AsException();
            numbers.Add(new NamedNumber(name, number, rows.Line));
        }
        return numbers.ToImmutable();
    }

    static void ReadHeader(DelimitedRows rows, string nameColumn, string numberColumn)
    {
        if (!rows.Read()) throw FileProblems.NoRows(rows.File).AsException();

        string[] cells = [.. Enumerable.Range(0, rows.CellCount).Select(i => rows.TextOf(rows.Cell(i)).Trim())];
        if (!cells.SequenceEqual([nameColumn, numberColumn]))
            throw NamedNumberProblems.Header(rows.File, rows.Line, string.Join(',', cells), $"{nameColumn},{numberColumn}").AsException();
    }
}

/// <summary>A line of such a file.</summary>
/// <param name="Line">The physical line, from 1.</param>
public sealed record NamedNumber(string Name, double Number, long Line);

/// <summary>What is wrong with such a file: DT46xx.</summary>
static class NamedNumberProblems
{
    public static Problem Header(string file, long line, string found, string expected) =>
        At("DT4601", file, line, $"{file}:{line}: the header is \"{found}\"", $"expected: {expected}");

    public static Problem RowLength(string file, long line, int found, string nameColumn, string numberColumn) =>
        At("DT4602", file, line, $"{file}:{line}: the row has {(found == 1 ? "1 cell" : $"{found} cells")}",
            $"expected: 2, {nameColumn} and {numberColumn}; a name that holds a comma stands in quotes");

    public static Problem Number(CellPlace place, string column, string text, string expected) =>
        At("DT4603", place.File, place.Line, $"{place}: {column} is \"{text}\"", $"expected: {expected}");

    public static Problem Twice(CellPlace place, string column, string name) =>
        At("DT4604", place.File, place.Line, $"{place}: {column} \"{name}\" is named a second time", "expected: each at most once");

    public static Problem Unknown(string file, long line, string kind, string name, IReadOnlyList<string> known) =>
        At("DT4605", file, line, $"{file}:{line}: there is no {kind} \"{name}\"",
            [$"expected: one of {ColumnProblems.Quoted(known)}", .. Suggestion.For(name, known) is { } near ? (string[])[$"did you mean \"{near}\"?"] : []]);

    static Problem At(string code, string file, long line, string message, params string[] details) =>
        new(code, ExitCode.Input, message, details) { File = file, Line = line };
}
