using System.Collections.Immutable;
using DistTrain.Data.Tables.Detection;
using DistTrain.Data.Tables.Input;
using DistTrain.Data.Tables.Malformed;
using DistTrain.Data.Tables.Parsing;
using DistTrain.Problems;

namespace DistTrain.Data.Tables.Delimited;

/// <summary>Reads delimited files into a table, in one pass, or in two where a column turns out to be text or a row is left out.</summary>
/// <remarks>
/// Columns start as numbers. One whose first cell is something else is text from there on. One that meets something else later is given
/// up for this pass, and a second pass reads those columns, and only those, as text. So types come from the whole input, and the usual
/// input takes one pass. A column without any content is text, with one empty category. Where malformed rows are to be left out and there
/// are any, a second pass reads the others; rows of the wrong length, and with cells that no column of their kind may have, say nothing
/// about types.
/// </remarks>
sealed class DelimitedTable(IReadOnlyList<IInputFile> files, DetectedFormat format, BadRowLog bad)
{
    const int NamesShown = 8;

    GrowingArray<int> _lines = new();

    /// <param name="rolesOf">Decides on the columns once the first header is known.</param>
    public Table Read(Func<Header, ColumnRoles> rolesOf)
    {
        ColumnRoles? roles = null;
        var refused = new List<RowProblem>();
        var pass = FirstPass(header => (roles = rolesOf(header)).All, refused);
        if (pass.RowCount == 0) throw FileProblems.NoRows(files[0].Name).AsException();

        var columns = roles!.Features;
        if (Malformed(refused, columns) is { Count: > 0 } malformed)
        {
            if (bad.Fails) TakeAll(malformed, pass.RowCount);
            roles = roles.Afresh();
            _lines = new GrowingArray<int>();
            pass = Repeated(pass, roles.All, _lines, (problem, rows) => bad.Take(problem, rows.Row, bad.WantsText ? rows.Text : ""));
            columns = roles.Features;
        }
        else
        {
            columns = ReadTextAgain(columns, pass);
        }
        return ToTable(roles, columns, pass);
    }

    /// <summary>Where it breaks off, the rows refused before are told first.</summary>
    Pass FirstPass(Func<Header, ColumnReader[]> readersOf, List<RowProblem> refused)
    {
        try
        {
            return ReadAll(readersOf, _lines, (problem, rows) => Refuse(refused, problem, rows));
        }
        catch (DistTrainException end) when (bad.Fails && refused.Count is > 0 and < BadRows.ShownMax)
        {
            foreach (var (row, problem) in refused) bad.Take(problem, row, "");
            throw bad.Joined(end);
        }
    }

    Table ToTable(ColumnRoles roles, ImmutableArray<ColumnReader> columns, Pass pass)
    {
        var features = columns.Select(ToColumn).ToImmutableArray();
        return new Table
        {
            RowCount = (int)_lines.Count,
            Columns = features,
            Label = roles.Label?.ToColumn(),
            Weights = roles.Weight?.ToWeights(),
            Files = pass.Files,
            Lines = _lines.ToArray(),
            Form = format.Form,
            Findings = [.. format.Findings, .. roles.Findings, Roles(features)],
            Bad = bad.Finish(pass.RowCount),
        };
    }

    /// <summary>One pass over all files.</summary>
    /// <param name="RowCount">Of all files, malformed rows too.</param>
    sealed record Pass(ImmutableArray<TableFile> Files, int RowCount);

    /// <summary>Reads all files once.</summary>
    /// <param name="readersOf">The readers, once the first header is known.</param>
    /// <param name="lines">Takes the line of each row; null in a pass that only repeats.</param>
    /// <param name="refuse">Is told of each row that a reader refuses.</param>
    Pass ReadAll(Func<Header, ColumnReader[]> readersOf, GrowingArray<int>? lines, Action<Problem, DelimitedRows> refuse)
    {
        var read = ImmutableArray.CreateBuilder<TableFile>(files.Count);
        var (first, readers, rowCount, takenCount) = ((Header?)null, Array.Empty<ColumnReader>(), 0, 0);
        foreach (var file in files)
        {
            using var rows = new DelimitedRows(file, format, rowCount);
            var header = Header.Read(rows);
            header.MustEqual(first ?? header);
            if (first is null) readers = readersOf(first = header);

            var firstTaken = takenCount;
            for (; rows.Read(); rowCount++)
            {
                if (RefusalOf(rows, first.Names.Length, readers) is { } problem)
                {
                    refuse(problem, rows);
                    continue;
                }
                lines?.Add((int)rows.Line);
                takenCount++;
            }
            read.Add(new TableFile(file.Name, firstTaken, rows.FinishHash()));
        }
        return new Pass(read.MoveToImmutable(), rowCount);
    }

    /// <summary>Gives the current row to all readers; where one refuses it, no reader keeps any of it.</summary>
    static Problem? RefusalOf(DelimitedRows rows, int cellCount, ColumnReader[] readers)
    {
        if (rows.CellCount != cellCount) return CellProblems.RowLength(rows.File, rows.Line, rows.CellCount, cellCount, rows.HasLoneReturn);
        for (var i = 0; i < readers.Length; i++)
        {
            if (readers[i].Add(rows) is not { } problem) continue;
            for (var j = 0; j < i; j++) readers[j].TakeBack();
            return problem;
        }
        return null;
    }

    /// <summary>
    /// Notes a row that is malformed whatever its columns turn out to be; where such rows end the reading, as soon as there are enough.
    /// </summary>
    void Refuse(List<RowProblem> refused, Problem problem, DelimitedRows rows)
    {
        if (refused.Count == BadRows.ShownMax) return;
        refused.Add(new RowProblem(rows.Row, problem));
        if (bad.Fails && refused.Count == BadRows.ShownMax) TakeAll(refused, rows.Row + 1);
    }

    /// <summary>The first malformed rows: those refused, and those with cells that columns which stayed numeric must not have.</summary>
    static List<RowProblem> Malformed(IEnumerable<RowProblem> refused, ImmutableArray<ColumnReader> columns) =>
    [
        .. refused
            .Concat(columns.OfType<NumericColumnReader>().Where(column => !column.IsText).SelectMany(column => column.Suspicions))
            .OrderBy(found => found.Row)
            .DistinctBy(found => found.Row)
            .Take(BadRows.ShownMax),
    ];

    /// <summary>Ends the reading with them.</summary>
    void TakeAll(List<RowProblem> malformed, int rowCount)
    {
        foreach (var (row, problem) in malformed) bad.Take(problem, row, "");
        bad.Finish(rowCount);
    }

    /// <summary>The feature columns, those that were given up or hold nothing read anew as text.</summary>
    ImmutableArray<ColumnReader> ReadTextAgain(ImmutableArray<ColumnReader> columns, Pass before)
    {
        ImmutableArray<ColumnReader> settled = [.. columns.Select(Settled)];
        ColumnReader[] again = [.. settled.Where(column => column is TextColumnReader { IsUnread: true })];
        if (again.Length > 0) Repeated(before, again, lines: null, (problem, _) => throw problem.AsException());
        return settled;
    }

    /// <summary>Another pass, over the same bytes.</summary>
    Pass Repeated(Pass before, ColumnReader[] readers, GrowingArray<int>? lines, Action<Problem, DelimitedRows> refuse)
    {
        var after = ReadAll(_ => readers, lines, refuse);
        foreach (var (one, other) in before.Files.Zip(after.Files))
            if (one.Sha256 != other.Sha256) throw FileProblems.Changed(one.Name).AsException();
        return after;
    }

    static ColumnReader Settled(ColumnReader column) => column switch
    {
        NumericColumnReader { AsText: { } text } => text,
        NumericColumnReader { IsText: true } => column.Afresh(),
        _ => column,
    };

    static TableColumn ToColumn(ColumnReader reader) => reader switch
    {
        NumericColumnReader numeric => numeric.ToColumn(),
        TextColumnReader text => text.ToColumn(),
        _ => throw new System.Diagnostics.UnreachableException($"A feature cannot be read by {reader}."),
    };

    /// <summary>Says what the columns are.</summary>
    public static string Roles(ImmutableArray<TableColumn> features)
    {
        string?[] kinds =
            [Named("numeric", features.OfType<NumericColumn>().ToArray()), Named("categorical", features.OfType<TextColumn>().ToArray())];
        return Finding.Of(
            "columns",
            $"{string.Join("; ", kinds.OfType<string>())} (from the cells; --numeric, --categorical, --ignore NAME,… to change)");
    }

    /// <summary>The columns of a kind by name, not all where they are many; null where there are none.</summary>
    static string? Named(string kind, IReadOnlyList<TableColumn> columns)
    {
        if (columns.Count == 0) return null;
        var more = columns.Count > NamesShown ? $" and {columns.Count - NamesShown} more" : "";
        return $"{kind}: {string.Join(", ", columns.Take(NamesShown).Select(column => column.Name))}{more}";
    }
}
