using DistTrain.Data.Tables.Parsing;
using DistTrain.Problems;

namespace DistTrain.Data.Tables.Delimited;

/// <summary>Text by dictionary.</summary>
sealed class TextColumnReader(string name, int index) : ColumnReader(name, index)
{
    readonly CodedText _text = new();

    /// <summary>No cell has been taken yet.</summary>
    public bool IsUnread => _text.Count == 0;

    public override Problem? Add(DelimitedRows rows)
    {
        var cell = rows.Cell(Index);
        if (!_text.TryAdd(cell)) _text.AddNew(cell, rows.TextOf(cell));
        return null;
    }

    public override void TakeBack() => _text.RemoveLast();

    public override ColumnReader Afresh() => new TextColumnReader(Name, Index);

    public TextColumn ToColumn() => _text.ToColumn(Name);
}
