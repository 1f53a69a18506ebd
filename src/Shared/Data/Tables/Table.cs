using System.Collections.Immutable;
using DistTrain.Data.Direct;
using DistTrain.Data.Tables.Malformed;

namespace DistTrain.Data.Tables;

/// <summary>Input rows, column by column, roles decided, before any encoding; in the order of the input.</summary>
public sealed class Table
{
    public required int RowCount { get; init; }

    /// <summary>Feature columns in the order of the input.</summary>
    public required ImmutableArray<TableColumn> Columns { get; init; }

    /// <summary>Labels; null where the input has none (predict).</summary>
    public required TextColumn? Label { get; init; }

    /// <summary>Weight of each row, finite and ≥ 0; null where all are 1.</summary>
    public required float[]? Weights { get; init; }

    /// <summary>Where the rows came from.</summary>
    public required ImmutableArray<TableFile> Files { get; init; }

    /// <summary>For each row, the physical line it started on, the first being 1.</summary>
    public required int[] Lines { get; init; }

    /// <summary>LIBSVM's first index, 0 or 1; null for other input.</summary>
    public int? IndexBase => Columns is [IndexedColumns { IndexBase: var read }] ? read
        : Columns is [CompactColumns { IndexBase: var compact }] ? compact
        : null;

    /// <summary>What was detected or guessed, one printable line each ("label  \"class\" (guessed; --label NAME to change)").</summary>
    public required ImmutableArray<string> Findings { get; init; }

    /// <summary>What the files were read as; null where rows are not read from files.</summary>
    public TextForm? Form { get; init; }

    /// <summary>Malformed rows that were left out.</summary>
    public BadRows Bad { get; init; } = BadRows.None;

    /// <summary>The same rows without their labels: input to predict, where they have no say.</summary>
    public Table WithoutLabels() => With(Columns, label: null, Lines);

    /// <summary>What is known of the rows beside their cells and lines: enough for who has made a dataset of them.</summary>
    public Table WithoutCells() =>
        With(IndexBase is { } indexBase ? [new IndexedColumns([0], [], [], indexBase)] : [], Label, lines: []);

    Table With(ImmutableArray<TableColumn> columns, TextColumn? label, int[] lines) => new()
    {
        RowCount = RowCount,
        Columns = columns,
        Label = label,
        Weights = Weights,
        Files = Files,
        Lines = lines,
        Findings = Findings,
        Form = Form,
        Bad = Bad,
    };

    /// <summary>The place of a row, as file:line.</summary>
    public string PlaceOf(int row)
    {
        var file = Files.Last(f => f.FirstRow <= row);
        return $"{file.Name}:{Lines[row]}";
    }
}

/// <summary>One file of the input; it holds the rows from <paramref name="FirstRow"/> on.</summary>
/// <param name="Sha256">Hash of its bytes as stored, in hex.</param>
public sealed record TableFile(string Name, int FirstRow, string Sha256);

/// <summary>How the text of an input was read, typed or detected.</summary>
/// <param name="Delimiter">Null for LIBSVM.</param>
/// <param name="Encoding">Its registered name, such as "utf-8".</param>
/// <param name="HasMark">The encoding is that of a byte order mark.</param>
public sealed record TextForm(TableFormat Format, string? Delimiter, string Encoding, bool HasMark);

/// <summary>One column of features, or, for LIBSVM, all of them.</summary>
public abstract record TableColumn(string Name);

/// <summary>Numbers; NaN marks a missing cell, which occurs only where the input options allow it.</summary>
public sealed record NumericColumn(string Name, double[] Values) : TableColumn(Name);

/// <summary>Text by dictionary.</summary>
/// <param name="Codes">For each row an index into <paramref name="Dictionary"/>.</param>
/// <param name="Dictionary">The distinct texts in order of first appearance; an empty text is one like any other.</param>
public sealed record TextColumn(string Name, int[] Codes, ImmutableArray<string> Dictionary) : TableColumn(Name);

/// <summary>LIBSVM's features: rows of (index, value), indices strictly ascending within a row.</summary>
/// <param name="RowStarts">RowCount + 1 positions in the other two arrays.</param>
/// <param name="Indices">Indices as written in the file.</param>
/// <param name="IndexBase">0 or 1.</param>
public sealed record IndexedColumns(long[] RowStarts, int[] Indices, double[] Values, int IndexBase) : TableColumn("features");
