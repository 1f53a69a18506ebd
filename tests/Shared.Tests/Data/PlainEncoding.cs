using DistTrain.Data.Schema;
using DistTrain.Data.Storage;
using DistTrain.Data.Tables;

namespace DistTrain.Shared.Tests.Data;

/// <summary>The slow, readable twins: a row encoded straight from the schema's definition, and a row read back from a shard.</summary>
static class PlainEncoding
{
    /// <summary>All features of a row in the schema's order, as held.</summary>
    public static float[] Encode(Table table, FeatureSchema schema, int row) =>
        [.. schema.Columns.SelectMany(column => Encode(table.Columns.Single(c => c.Name == column.Name), column, row))];

    /// <summary>All features of a shard's row in the schema's order, as held.</summary>
    public static float[] Decode(Shard shard, FeatureLayout layout, int row) => Decode(shard, layout)[row];

    /// <summary>All rows of a shard.</summary>
    public static float[][] Decode(Shard shard, FeatureLayout layout)
    {
        var held = Enumerable.Range(0, shard.RowCount).Select(row => DenseAndCoded(shard, layout, row)).ToArray();
        foreach (var (feature, row, value) in Nonzeros(shard.Sparse)) held[row][layout.SparseFirst + feature] = value;

        var order = Enumerable.Range(0, layout.FeatureCount).OrderBy(h => layout.SchemaFeatures[h]).ToArray();
        return [.. held.Select(row => order.Select(h => row[h]).ToArray())];
    }

    static float[] DenseAndCoded(Shard shard, FeatureLayout layout, int row)
    {
        var held = new float[layout.FeatureCount];
        shard.Dense.Row(row)[..layout.DenseCount].CopyTo(held);
        for (var column = 0; column < layout.Coded.Length; column++)
        {
            var (kind, first, count) = layout.Coded[column];
            var code = shard.Codes[column][row];
            for (var i = 0; i < count; i++) held[first + i] = kind == CodeKind.Level ? (code == i + 1 ? 1 : 0) : (code >> i) & 1;
        }
        return held;
    }

    static IEnumerable<float> Encode(TableColumn cells, ColumnSchema column, int row) => (column, cells) switch
    {
        (NumericColumnSchema n, NumericColumn c) when double.IsNaN(c.Values[row]) => [(float)(n.MissingValue!.Value - n.Center), 1],
        (NumericColumnSchema { MissingValue: null } n, NumericColumn c) => [(float)(c.Values[row] - n.Center)],
        (NumericColumnSchema n, NumericColumn c) => [(float)(c.Values[row] - n.Center), 0],
        (CategoricalColumnSchema s, TextColumn c) => s.Levels.Select(level => level == c.Dictionary[c.Codes[row]] ? 1f : 0f),
        (IndexedColumnsSchema s, IndexedColumns c) =>
            s.Indices.Select((index, i) => (float)(CellOf(c, row, index) - s.Centers[i])),
        _ => throw new ArgumentException($"Unknown column {column}.", nameof(column)),
    };

    static double CellOf(IndexedColumns cells, int row, int index) =>
        Enumerable.Range((int)cells.RowStarts[row], (int)(cells.RowStarts[row + 1] - cells.RowStarts[row]))
            .Where(i => cells.Indices[i] == index).Sum(i => cells.Values[i]);

    static IEnumerable<(int Feature, int Row, float Value)> Nonzeros(SparseColumns sparse)
    {
        foreach (var group in sparse.Groups)
        {
            for (var i = 0; i < group.FeatureCount * group.RunLength; i++)
            {
                var feature = group.Panel * SparseColumns.PanelFeatures + sparse.Features[group.FirstFeature + i / group.RunLength];
                yield return (feature, sparse.Rows[group.FirstRow + i], group.HasValues ? sparse.Values[group.FirstValue + i] : 1);
            }
        }
    }
}
