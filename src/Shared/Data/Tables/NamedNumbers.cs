using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using DistTrain.Data.Tables.Delimited;
using DistTrain.Data.Tables.Detection;
using DistTrain.Problems;

namespace DistTrain.Data.Tables;

/// <summary>A number that a file gives to a name.</summary>
/// <param name="Line">The physical line, the first being 1.</param>
public sealed record NamedNumber(string Name, double Number, long Line);

/// <summary>A small CSV file of two columns, names and numbers of at least 0, such as factors of features.</summary>
public static class NamedNumbers
{
    /// <summary>The file's rows in order, and everything that is wrong with them; a row with a problem is left out.</summary>
    /// <param name="nameColumn">What the header must call the first column.</param>
    /// <param name="numberColumn">And the second.</param>
    /// <exception cref="DistTrainException">The file cannot be read as CSV in UTF-8, or its header is another.</exception>
    public static (ImmutableArray<NamedNumber> Numbers, ImmutableArray<Problem> Problems) Read(
        IInputFile file, string nameColumn, string numberColumn)
    {
        using var rows = new DelimitedRows(file, new DetectedFormat(TableFormat.Csv, ",", Strict, []));
        if (!rows.Read() || !IsHeader(rows, nameColumn, numberColumn))
            throw NamedNumberProblems.Header(file.Name, $"{nameColumn},{numberColumn}").AsException();

        var (numbers, lines, problems) = (
            new List<NamedNumber>(), new Dictionary<string, long>(StringComparer.Ordinal), new List<Problem>());
        while (rows.Read())
        {
            if (ProblemOf(rows) is { } problem)
            {
                problems.Add(problem);
                continue;
            }
            var name = rows.TextOf(rows.Cell(0));
            if (lines.TryAdd(name, rows.Line)) numbers.Add(new NamedNumber(name, NumberOf(rows)!.Value, rows.Line));
            else problems.Add(NamedNumberProblems.Twice(rows.PlaceOf(0), name, lines[name]));
        }
        return ([.. numbers], [.. problems]);
    }

    static Encoding Strict { get; } = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    static bool IsHeader(DelimitedRows rows, string nameColumn, string numberColumn) =>
        rows.CellCount == 2 && rows.Cell(0).SequenceEqual(nameColumn) && rows.Cell(1).SequenceEqual(numberColumn);

    static Problem? ProblemOf(DelimitedRows rows)
    {
        if (rows.CellCount != 2) return CellProblems.RowLength(rows.File, rows.Line, rows.CellCount, expected: 2, rows.HasLoneReturn);
        return NumberOf(rows) is null ? NamedNumberProblems.Number(rows.PlaceOf(1), rows.TextOf(rows.Cell(1))) : null;
    }

    /// <summary>The second cell's number; null where it is none of at least 0.</summary>
    static double? NumberOf(DelimitedRows rows) =>
        double.TryParse(rows.Cell(1), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
        && number >= 0 && double.IsFinite(number)
            ? number : null;
}
