using DistTrain.Data.Direct;

namespace DistTrain.Data.Tables;

/// <summary>What a table takes in memory.</summary>
static class TableMemory
{
    /// <summary>An object, a pointer to it and an entry of a dictionary's list, for each distinct text.</summary>
    const int TextOverheadBytes = 32;

    /// <summary>Bytes of its columns, labels, weights and lines.</summary>
    public static long BytesOf(Table table) =>
        table.Columns.Sum(BytesOf)
        + (table.Label is { } label ? BytesOf(label) : 0)
        + (long)table.Lines.Length * sizeof(int)
        + (long)table.RowCount * (table.Weights is null ? 0 : sizeof(float));

    static long BytesOf(TableColumn column) => column switch
    {
        NumericColumn numbers => (long)numbers.Values.Length * sizeof(double),
        TextColumn text => (long)text.Codes.Length * sizeof(int)
            + text.Dictionary.Sum(word => (long)TextOverheadBytes + word.Length * sizeof(char)),
        IndexedColumns indexed => (long)indexed.RowStarts.Length * sizeof(long)
            + (long)indexed.Indices.Length * (sizeof(int) + sizeof(double)),
        CompactColumns compact => compact.Rows.Bytes + (long)compact.Indices.Length * (2 * sizeof(int) + sizeof(bool)),
        _ => throw new ArgumentException($"Unknown kind of column {column}.", nameof(column)),
    };
}
