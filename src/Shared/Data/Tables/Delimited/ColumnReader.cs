using DistTrain.Problems;

namespace DistTrain.Data.Tables.Delimited;

/// <summary>Takes one column's cells, row after row, and makes a column of them.</summary>
abstract class ColumnReader(string name, int index)
{
    public string Name { get; } = name;

    /// <summary>Which cell of a row is this column's.</summary>
    public int Index { get; } = index;

    /// <summary>Takes the cell of the current row; or says why it cannot be in this column, and stays as it was.</summary>
    public abstract Problem? Add(DelimitedRows rows);

    /// <summary>Gives the cell back that was taken last: another of its row was refused.</summary>
    public abstract void TakeBack();

    /// <summary>An empty reader of the same column, for which it is settled what the cells are.</summary>
    public abstract ColumnReader Afresh();
}
