using System.Collections.Immutable;
using System.Globalization;
using DistTrain.Data.Schema;
using DistTrain.Data.Tables;

namespace DistTrain.Data.Preparation;

/// <summary>Counts the values of a table that a schema does not know.</summary>
static class UnseenCounting
{
    /// <summary>An entry for each column that has any, in the schema's order.</summary>
    public static ImmutableArray<UnseenValues> Count(AlignedTable aligned) =>
        [.. aligned.Columns.Select(Count).OfType<UnseenValues>()];

    static UnseenValues? Count((ColumnSchema Schema, TableColumn Column) pair) => pair switch
    {
        (CategoricalColumnSchema schema, TextColumn cells) => Count(schema, cells),
        (IndexedColumnsSchema schema, IndexedColumns cells) => Count(schema, cells),
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
        var (rowCount, first) = (0, -1);
        for (var row = 0; row + 1 < cells.RowStarts.Length; row++)
        {
            var unseen = FirstUnseen(row);
            if (unseen >= 0 && rowCount++ == 0) first = unseen;
        }
        return rowCount == 0 ? null : new UnseenValues(schema.Name, rowCount, first.ToString(CultureInfo.InvariantCulture));

        int FirstUnseen(int row)
        {
            for (var i = cells.RowStarts[row]; i < cells.RowStarts[row + 1]; i++)
            {
                if (known.RankOf(cells.Indices[i]) < 0) return cells.Indices[i];
            }
            return -1;
        }
    }
}
