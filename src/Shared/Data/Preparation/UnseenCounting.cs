using System.Collections.Immutable;
using System.Globalization;
using DistTrain.Data.Direct;
using DistTrain.Data.Schema;
using DistTrain.Data.Tables;

namespace DistTrain.Data.Preparation;

/// <summary>Counts the values of a table that a schema does not know.</summary>
static class UnseenCounting
{
    /// <summary>An entry for each column that has any, in the schema's order.</summary>
    public static ImmutableArray<UnseenValues> Count(AlignedTable aligned) =>
        [.. aligned.Columns.Select(column => Count(column.Schema, column.Column, aligned.Table.RowCount)).OfType<UnseenValues>()];

    static UnseenValues? Count(ColumnSchema column, TableColumn found, int rowCount) => (column, found) switch
    {
        (CategoricalColumnSchema schema, TextColumn cells) => Count(schema, cells),
        (IndexedColumnsSchema schema, IndexedColumns cells) => Count(schema, cells),
        (IndexedColumnsSchema schema, CompactColumns cells) => Count(schema, cells, rowCount),
        _ => null,
    };

    static UnseenValues? Count(CategoricalColumnSchema schema, TextColumn cells)
    {
        var levels = CategoryEncoder.LevelsOf(schema, cells);
        var first = Array.FindIndex(cells.Codes, code => levels[code] < 0);
        return first < 0 ? null
            : new UnseenValues(schema.Name, cells.Codes.Count(code => levels[code] < 0), cells.Dictionary[cells.Codes[first]]);
    }

    static UnseenValues? Count(IndexedColumnsSchema schema, IndexedColumns cells)
    {
        var known = new IndexSet(schema.Indices);
        return Count(schema, cells.RowStarts.Length - 1, row => FirstUnseen(
            known, cells.Indices.AsSpan((int)cells.RowStarts[row], (int)(cells.RowStarts[row + 1] - cells.RowStarts[row]))));
    }

    /// <summary>Rows are looked at only where an index is unknown.</summary>
    static UnseenValues? Count(IndexedColumnsSchema schema, CompactColumns cells, int rowCount)
    {
        var (known, row) = (new IndexSet(schema.Indices), new CompactRow());
        if (FirstUnseen(known, cells.Indices) < 0) return null;
        return Count(schema, rowCount, number =>
        {
            cells.Rows.Read(number, row);
            return FirstUnseen(known, row.Indices);
        });
    }

    /// <param name="unseenOf">The first unknown index of a row; below 0 where there is none.</param>
    static UnseenValues? Count(IndexedColumnsSchema schema, int rowCount, Func<int, int> unseenOf)
    {
        var (count, first) = (0, -1);
        for (var row = 0; row < rowCount; row++)
        {
            var unseen = unseenOf(row);
            if (unseen >= 0 && count++ == 0) first = unseen;
        }
        return count == 0 ? null : new UnseenValues(schema.Name, count, first.ToString(CultureInfo.InvariantCulture));
    }

    static int FirstUnseen(IndexSet known, ReadOnlySpan<int> indices)
    {
        foreach (var index in indices)
            if (known.RankOf(index) < 0) return index;
        return -1;
    }
}
