using DistTrain.Data.Tables.Parsing;
using DistTrain.Problems;

namespace DistTrain.Data.Tables.Delimited;

/// <summary>Labels: text that is never empty.</summary>
/// <param name="labels">The labels that there may be; null: any.</param>
sealed class LabelColumnReader(string name, int index, LabelRule? labels) : ColumnReader(name, index)
{
    readonly CodedText _text = new();

    public override Problem? Add(DelimitedRows rows)
    {
        var cell = rows.Cell(Index);
        if (_text.TryAdd(cell)) return null;
        if (cell.IsEmpty) return CellProblems.NoLabel(rows.PlaceOf(Index), Name);

        var label = rows.TextOf(cell);
        if (labels is not null && !labels.Allows(label))
        {
            var place = rows.PlaceOf(Index);
            return labels.ProblemOf(label, place.ToString(), place.File, place.Line);
        }
        _text.AddNew(rows.Cell(Index), label);
        return null;
    }

    public override void TakeBack() => _text.RemoveLast();

    public override ColumnReader Afresh() => new LabelColumnReader(Name, Index, labels);

    public TextColumn ToColumn() => _text.ToColumn(Name);
}
