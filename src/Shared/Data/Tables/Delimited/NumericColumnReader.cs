using DistTrain.Data.Preparation;
using DistTrain.Data.Tables.Malformed;
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
    /// <summary>Numbers above this are refused: the difference of two up to it is a finite float.</summary>
    const double AbsoluteMax = FeatureContents.AbsoluteMax;

    readonly GrowingArray<double> _values = new();
    readonly List<RowProblem> _suspicions = [];

    public bool IsDeclared { get; } = isDeclared;

    public bool AllowsMissing { get; } = allowsMissing;

    /// <summary>The column is text and has been read as such, because its first cell was no number; else null.</summary>
    public TextColumnReader? AsText { get; private set; }

    /// <summary>A later cell was no number, so the column is text and has to be read again.</summary>
    public bool IsGivenUp { get; private set; }

    /// <summary>No cell held anything.</summary>
    public bool IsEmpty { get; private set; } = true;

    /// <summary>The first cells that a numeric column must not have, with their rows; errors only if the column stays numeric.</summary>
    public IReadOnlyList<RowProblem> Suspicions => _suspicions;

    /// <summary>The column is text.</summary>
    public bool IsText => AsText is not null || IsGivenUp || (!IsDeclared && IsEmpty);

    public override Problem? Add(DelimitedRows rows)
    {
        if (AsText is not null) return AsText.Add(rows);
        if (IsGivenUp) return null;

        var cell = rows.Cell(Index);
        switch (DecimalText.Read(cell, out var value))
        {
            case NumberKind.Finite when Math.Abs(value) > AbsoluteMax:
                return Take(value, CellProblems.TooLarge(rows.PlaceOf(Index), Name, rows.TextOf(cell)), rows);
            case NumberKind.Finite:
                return Take(value, null, rows);
            case NumberKind.Empty when AllowsMissing:
                _values.Add(double.NaN);
                return null;
            case NumberKind.Empty:
                return Suspect(Missing(rows), rows);
            case NumberKind.NotFinite:
                return Take(value, CellProblems.NotFinite(rows.PlaceOf(Index), Name, rows.TextOf(cell), FixOfModel), rows);
            default:
                if (IsDeclared) return CellProblems.NotANumber(rows.PlaceOf(Index), Name, rows.TextOf(cell), FixOfModel);
                GiveUp(rows);
                return null;
        }
    }

    public override void TakeBack()
    {
        if (AsText is not null) AsText.TakeBack();
        else if (!IsGivenUp) _values.Truncate(_values.Count - 1);
    }

    public override ColumnReader Afresh() =>
        IsText ? new TextColumnReader(Name, Index) : new NumericColumnReader(Name, Index, isDeclared: true, AllowsMissing, ofModel);

    public NumericColumn ToColumn() => new(Name, _values.ToArray());

    void GiveUp(DelimitedRows rows)
    {
        IsGivenUp = _values.Count > 0;
        if (IsGivenUp) return;
        AsText = new TextColumnReader(Name, Index);
        AsText.Add(rows);
    }

    /// <summary>A cell that holds a number, though perhaps one that no numeric column may have.</summary>
    Problem? Take(double value, Problem? problem, DelimitedRows rows)
    {
        if (problem is not null && Suspect(problem, rows) is { } refused) return refused;
        IsEmpty = false;
        if (problem is null) _values.Add(value);
        return null;
    }

    /// <summary>Refuses the cell where the column is numeric in earnest; else notes it and takes it as missing for now.</summary>
    Problem? Suspect(Problem problem, DelimitedRows rows)
    {
        if (IsDeclared) return problem;
        if (_suspicions.Count < BadRows.ShownMax) _suspicions.Add(new RowProblem(rows.Row, problem));
        _values.Add(double.NaN);
        return null;
    }

    /// <summary>A model has settled what the column is; null where there is none.</summary>
    string? FixOfModel => !ofModel ? null
        : AllowsMissing ? "fix: mend the cell, or leave it empty, which the model knows from training"
        : "fix: mend the cell; the model takes only numbers in this column";

    Problem Missing(DelimitedRows rows) =>
        ofModel ? CellProblems.MissingForModel(rows.PlaceOf(Index), Name) : CellProblems.Missing(rows.PlaceOf(Index), Name);
}

/// <summary>What is wrong with a row.</summary>
/// <param name="Row">Its number among all rows of the input, from 0.</param>
readonly record struct RowProblem(int Row, Problem Problem);
