namespace DistTrain.Data.Tables.Delimited;

/// <summary>Takes one column's cells, row after row, and makes a column of them.</summary>
abstract class ColumnReader(string name, int index)
{
    public string Name { get; } = name;

    /// <summary>Which cell of a row is this column's.</summary>
    public int Index { get; } = index;

    /// <summary>Takes the cell of the current row.</summary>
    /// <exception cref="Problems.DistTrainException">The cell cannot be in this column.</exception>
    public abstract void Add(DelimitedRows rows);
}
