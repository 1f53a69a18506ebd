using System.Collections.Immutable;
using DistTrain.Data.Tables.Detection;
using DistTrain.Data.Tables.Input;
using DistTrain.Data.Tables.Parsing;

namespace DistTrain.Data.Tables.Delimited;

/// <summary>Reads delimited files into a table, in one pass, or in two where a column turns out to be text.</summary>
/// <remarks>
/// Columns start as numbers. One whose first cell is something else is text from there on. One that meets something else later is given
/// up for this pass, and a second pass reads those columns, and only those, as text. So types come from the whole input, and the usual
/// input takes one pass. A column without any content is text, with one empty category.
/// </remarks>
sealed class DelimitedTable(IReadOnlyList<IInputFile> files, DetectedFormat format)
{
    const int NamesShown = 8;

    readonly GrowingArray<int> _lines = new();

    /// <param name="rolesOf">Decides on the columns once the first header is known.</param>
    public Table Read(Func<Header, ColumnRoles> rolesOf)
    {
        ColumnRoles? roles = null;
        var read = ReadAll(header => AllReaders(roles = rolesOf(header)), _lines);
        if (_lines.Count == 0) throw FileProblems.NoRows(files[0].Name).AsException();

        var columns = ReadTextAgain(roles!.Features, read);
        RefuseSuspicious(columns);
        var features = columns.Select(ToColumn).ToImmutableArray();
        return new Table
        {
            RowCount = (int)_lines.Count,
            Columns = features,
            Label = roles.Label?.ToColumn(),
            Weights = roles.Weight?.ToWeights(),
            Files = read,
            Lines = _lines.ToArray(),
            Form = format.Form,
            Findings = [.. format.Findings, .. roles.Findings, Roles(features)],
        };
    }

    /// <summary>One pass over all files.</summary>
    /// <param name="readersOf">The readers, once the first header is known.</param>
    /// <param name="lines">Takes the line of each row; null in a pass that only repeats.</param>
    ImmutableArray<TableFile> ReadAll(Func<Header, ColumnReader[]> readersOf, GrowingArray<int>? lines)
    {
        var read = ImmutableArray.CreateBuilder<TableFile>(files.Count);
        var (first, readers, rowCount) = ((Header?)null, Array.Empty<ColumnReader>(), 0);
        foreach (var file in files)
        {
            using var rows = new DelimitedRows(file, format);
            var header = Header.Read(rows);
            header.MustEqual(first ?? header);
            if (first is null) readers = readersOf(first = header);

            var firstRow = rowCount;
            while (rows.Read())
            {
                if (rows.CellCount != first.Names.Length)
                    throw CellProblems.RowLength(file.Name, rows.Line, rows.CellCount, first.Names.Length).AsException();
                foreach (var reader in readers) reader.Add(rows);
                lines?.Add((int)rows.Line);
                rowCount++;
            }
            read.Add(new TableFile(file.Name, firstRow, rows.FinishHash()));
        }
        return read.MoveToImmutable();
    }

    /// <summary>The feature columns, those that were given up or hold nothing read anew as text.</summary>
    ColumnReader[] ReadTextAgain(ImmutableArray<ColumnReader> columns, ImmutableArray<TableFile> firstPass)
    {
        ColumnReader[] settled = [.. columns.Select(Settled)];
        ColumnReader[] again = [.. settled.Where(column => column is TextColumnReader { IsUnread: true })];
        if (again.Length == 0) return settled;

        var secondPass = ReadAll(_ => again, lines: null);
        foreach (var (one, other) in firstPass.Zip(secondPass))
            if (one != other) throw FileProblems.Changed(one.Name).AsException();
        return settled;
    }

    static ColumnReader Settled(ColumnReader column) => column switch
    {
        NumericColumnReader { AsText: { } text } => text,
        NumericColumnReader { IsGivenUp: true } or NumericColumnReader { IsDeclared: false, IsEmpty: true } =>
            new TextColumnReader(column.Name, column.Index),
        _ => column,
    };

    /// <summary>Columns that stayed numeric must not have had cells that are missing or not finite; the first row's is told.</summary>
    static void RefuseSuspicious(IEnumerable<ColumnReader> columns)
    {
        var first = columns.OfType<NumericColumnReader>()
            .Where(column => column.Suspicion is not null)
            .Select(column => column.Suspicion!.Value)
            .OrderBy(suspicion => suspicion.Row)
            .Select(suspicion => suspicion.Problem)
            .FirstOrDefault();
        if (first is not null) throw first.AsException();
    }

    static ColumnReader[] AllReaders(ColumnRoles roles)
    {
        ColumnReader?[] all = [roles.Label, roles.Weight, .. roles.Features];
        return [.. all.OfType<ColumnReader>()];
    }

    static TableColumn ToColumn(ColumnReader reader) => reader switch
    {
        NumericColumnReader numeric => numeric.ToColumn(),
        TextColumnReader text => text.ToColumn(),
        _ => throw new System.Diagnostics.UnreachableException($"A feature cannot be read by {reader}."),
    };

    static string Roles(ImmutableArray<TableColumn> features)
    {
        string?[] kinds =
            [Named("numeric", features.OfType<NumericColumn>().ToArray()), Named("categorical", features.OfType<TextColumn>().ToArray())];
        return Finding.Of(
            "columns", $"{string.Join("; ", kinds.OfType<string>())} (from the cells; --numeric, --categorical, --ignore NAME,… to change)");
    }

    /// <summary>The columns of a kind by name, not all where they are many; null where there are none.</summary>
    static string? Named(string kind, IReadOnlyList<TableColumn> columns)
    {
        if (columns.Count == 0) return null;
        var more = columns.Count > NamesShown ? $" and {columns.Count - NamesShown} more" : "";
        return $"{kind}: {string.Join(", ", columns.Take(NamesShown).Select(column => column.Name))}{more}";
    }
}
