using System.Collections.Immutable;
using DistTrain.Data.Tables.Parsing;

namespace DistTrain.Data.Tables.Delimited;

/// <summary>The names of a file's columns: its first row that is not blank.</summary>
/// <param name="Line">The physical line that it starts on.</param>
sealed record Header(string File, long Line, ImmutableArray<string> Names)
{
    /// <summary>Reads it; white space around a name is not part of it.</summary>
    /// <exception cref="Problems.DistTrainException">The file is blank, or its first row cannot be a header.</exception>
    public static Header Read(DelimitedRows rows)
    {
        if (!rows.Read()) throw Input.FileProblems.NoRows(rows.File).AsException();
        if (rows.CellCount > ColumnProblems.ColumnsMax) throw ColumnProblems.TooMany(rows.File, rows.CellCount).AsException();

        var line = rows.Line;
        var names = ImmutableArray.CreateBuilder<string>(rows.CellCount);
        var known = new HashSet<string>(StringComparer.Ordinal);
        var isData = true;
        for (var i = 0; i < rows.CellCount; i++)
        {
            var cell = rows.Cell(i).Trim();
            isData &= DecimalText.Read(cell, out _) is not NumberKind.Text;
            names.Add(rows.TextOf(cell));
        }
        if (isData) throw ColumnProblems.NoHeader(rows.File, rows.Line).AsException();
        for (var i = 0; i < names.Count; i++)
        {
            if (names[i].Length == 0) throw ColumnProblems.Nameless(rows.PlaceOf(i), i + 1).AsException();
            if (!known.Add(names[i])) throw ColumnProblems.Duplicate(rows.PlaceOf(i), names[i]).AsException();
        }
        return new Header(rows.File, line, names.ToImmutable());
    }

    /// <exception cref="Problems.DistTrainException">Two files of an input differ in their columns or the order of them.</exception>
    public void MustEqual(Header first)
    {
        if (Names.SequenceEqual(first.Names)) return;
        var at = Enumerable.Range(0, Math.Max(Names.Length, first.Names.Length)).First(i => NameAt(i) != first.NameAt(i));
        throw ColumnProblems.HeadersDiffer(File, Line, first.File, Described(at), first.Described(at)).AsException();
    }

    string? NameAt(int index) => index < Names.Length ? Names[index] : null;

    string Described(int index) => NameAt(index) is { } name ? $"column {index + 1} is \"{name}\"" : $"{Names.Length} columns";
}
