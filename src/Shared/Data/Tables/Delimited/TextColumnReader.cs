using DistTrain.Data.Tables.Parsing;

namespace DistTrain.Data.Tables.Delimited;

/// <summary>Text by dictionary; labels are such columns too, which may refuse empty cells.</summary>
/// <param name="refusesEmpty">An empty cell is an error: it is no label.</param>
sealed class TextColumnReader(string name, int index, bool refusesEmpty = false) : ColumnReader(name, index)
{
    readonly CodedText _text = new();

    /// <summary>No cell has been taken yet.</summary>
    public bool IsUnread => _text.Count == 0;

    public override void Add(DelimitedRows rows)
    {
        var cell = rows.Cell(Index);
        if (_text.TryAdd(cell)) return;
        if (cell.IsEmpty && refusesEmpty) throw CellProblems.NoLabel(rows.PlaceOf(Index), Name).AsException();
        _text.AddNew(cell, rows.TextOf(cell));
    }

    public TextColumn ToColumn() => _text.ToColumn(Name);
}
