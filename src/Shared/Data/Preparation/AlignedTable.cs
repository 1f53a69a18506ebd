using System.Collections.Immutable;
using DistTrain.Data.Direct;
using DistTrain.Data.Schema;
using DistTrain.Data.Tables;

namespace DistTrain.Data.Preparation;

/// <summary>
/// A table seen through a schema: for each column of the schema, the table's column of that name. Further columns are ignored.
/// </summary>
sealed record AlignedTable(Table Table, ImmutableArray<(ColumnSchema Schema, TableColumn Column)> Columns)
{
    /// <summary>Refuses a table without one of the columns, or with one of another kind.</summary>
    public static AlignedTable Align(Table table, FeatureSchema schema)
    {
        var columns = table.Columns.ToDictionary(column => column.Name);
        return new AlignedTable(table, [.. schema.Columns.Select(Pair)]);

        (ColumnSchema, TableColumn) Pair(ColumnSchema wanted)
        {
            if (!columns.TryGetValue(wanted.Name, out var column))
                throw DatasetProblems.ColumnNotFound(table, wanted.Name).AsException();
            if (!Fits(wanted, column)) throw DatasetProblems.OtherKind(table, wanted, column).AsException();
            if (wanted is IndexedColumnsSchema model && table.IndexBase is { } found && model.IndexBase != found)
                throw DatasetProblems.OtherIndexBase(table, model.IndexBase, found).AsException();
            return (wanted, column);
        }
    }

    static bool Fits(ColumnSchema schema, TableColumn column) => (schema, column) switch
    {
        (NumericColumnSchema, NumericColumn) or (CategoricalColumnSchema, TextColumn) or (IndexedColumnsSchema, IndexedColumns or CompactColumns) => true,
        _ => false,
    };
}
