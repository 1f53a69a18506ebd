using DistTrain.Data.Tables.Parsing;
using DistTrain.Problems;

namespace DistTrain.Data.Tables.Delimited;

/// <summary>Numbers; where the column was not declared numeric, a cell that is no number makes it text.</summary>
/// <param name="isDeclared">Anything but a number is an error at once.</param>
/// <param name="allowsMissing">An empty cell is NaN; else it is an error.</param>
/// <param name="ofModel">The model decides about missing cells, so the advice differs.</param>
sealed class NumericColumnReader(string name, int index, bool isDeclared, bool allowsMissing, bool ofModel = false)
    : ColumnReader(name, index)
{
    readonly GrowingArray<double> _values = new();

    public bool IsDeclared { get; } = isDeclared;

    /// <summary>The column is text and has been read as such, because its first cell was no number; else null.</summary>
    public TextColumnReader? AsText { get; private set; }

    /// <summary>A later cell was no number, so the column is text and has to be read again.</summary>
    public bool IsGivenUp { get; private set; }

    /// <summary>No cell held anything.</summary>
    public bool IsEmpty { get; private set; } = true;

    /// <summary>The first cell that a numeric column must not have, with its row; an error only if the column stays numeric.</summary>
    public (long Row, Problem Problem)? Suspicion { get; private set; }

    public override void Add(DelimitedRows rows)
    {
        AsText?.Add(rows);
        if (AsText is not null || IsGivenUp) return;

        var cell = rows.Cell(Index);
        switch (DecimalText.Read(cell, out var value))
        {
            case NumberKind.Finite:
                IsEmpty = false;
                break;
            case NumberKind.Empty:
                value = double.NaN;
                if (!allowsMissing) Suspect(Missing(rows));
                break;
            case NumberKind.NotFinite:
                IsEmpty = false;
                Suspect(CellProblems.NotFinite(rows.PlaceOf(Index), Name, rows.TextOf(cell)));
                break;
            default:
                if (IsDeclared) throw CellProblems.NotANumber(rows.PlaceOf(Index), Name, rows.TextOf(cell)).AsException();
                GiveUp(rows);
                return;
        }
        _values.Add(value);
    }

    public NumericColumn ToColumn() => new(Name, _values.ToArray());

    void GiveUp(DelimitedRows rows)
    {
        IsGivenUp = _values.Count > 0;
        if (IsGivenUp) return;
        AsText = new TextColumnReader(Name, Index);
        AsText.Add(rows);
    }

    void Suspect(Problem problem)
    {
        if (IsDeclared) throw problem.AsException();
        Suspicion ??= (_values.Count, problem);
    }

    Problem Missing(DelimitedRows rows) =>
        ofModel ? CellProblems.MissingForModel(rows.PlaceOf(Index), Name) : CellProblems.Missing(rows.PlaceOf(Index), Name);
}
