using DistTrain.Data.Schema;
using DistTrain.Data.Tables;

namespace DistTrain.Data.Preparation;

/// <summary>Puts the cells of one column into encoded rows, some rows at a time so that its memory is read in stretches.</summary>
abstract class CellEncoder
{
    /// <param name="firstRow">The table's row that goes into the first of <paramref name="into"/>; the next ones follow.</param>
    public abstract void Encode(int firstRow, ReadOnlySpan<EncodedRow> into);

    /// <summary>The encoder of one column.</summary>
    /// <param name="places">The places of the column's features.</param>
    public static CellEncoder Of(ColumnSchema schema, TableColumn column, FeaturePlace[] places) => (schema, column) switch
    {
        (NumericColumnSchema { MissingValue: { } missing }, NumericColumn cells) =>
            new NumberOrMissingEncoder(cells.Values, places[0], places[1], missing),
        (NumericColumnSchema, NumericColumn cells) => new NumberEncoder(cells.Values, places[0]),
        (CategoricalColumnSchema category, TextColumn cells) => new CategoryEncoder(category, cells, places),
        (IndexedColumnsSchema indexed, IndexedColumns cells) => new IndexedEncoder(indexed, cells, places),
        _ => throw new ArgumentException($"No way to encode {column.Name}.", nameof(column)),
    };
}

/// <summary>A number in every row.</summary>
sealed class NumberEncoder(double[] cells, FeaturePlace place) : CellEncoder
{
    public override void Encode(int firstRow, ReadOnlySpan<EncodedRow> into)
    {
        for (var i = 0; i < into.Length; i++) into[i].Put(place, cells[firstRow + i]);
    }
}

/// <summary>A number, or where there is none, what stands for it and a mark that it was missing.</summary>
sealed class NumberOrMissingEncoder(double[] cells, FeaturePlace place, FeaturePlace indicator, double missing) : CellEncoder
{
    public override void Encode(int firstRow, ReadOnlySpan<EncodedRow> into)
    {
        for (var i = 0; i < into.Length; i++)
        {
            var x = cells[firstRow + i];
            var isMissing = double.IsNaN(x);
            into[i].Put(place, isMissing ? missing : x);
            into[i].Put(indicator, isMissing ? 1 : 0);
        }
    }
}

/// <summary>A 1 for the row's level; nothing for a text that is no level.</summary>
sealed class CategoryEncoder(CategoricalColumnSchema schema, TextColumn cells, FeaturePlace[] places) : CellEncoder
{
    readonly int[] _levelOfCode = LevelsOf(schema, cells);

    /// <summary>For each text of the dictionary, its level; −1 where it is none.</summary>
    public static int[] LevelsOf(CategoricalColumnSchema schema, TextColumn cells)
    {
        var levelOf = schema.Levels.Select((text, level) => (text, level)).ToDictionary(pair => pair.text, pair => pair.level);
        return [.. cells.Dictionary.Select(text => levelOf.TryGetValue(text, out var level) ? level : -1)];
    }

    public override void Encode(int firstRow, ReadOnlySpan<EncodedRow> into)
    {
        for (var i = 0; i < into.Length; i++)
        {
            var level = _levelOfCode[cells.Codes[firstRow + i]];
            if (level >= 0) into[i].Put(places[level], 1);
        }
    }
}

/// <summary>LIBSVM's cells.</summary>
sealed class IndexedEncoder(IndexedColumnsSchema schema, IndexedColumns cells, FeaturePlace[] places) : CellEncoder
{
    readonly IndexedPlaces _places = new(schema, places);

    public override void Encode(int firstRow, ReadOnlySpan<EncodedRow> into)
    {
        for (var i = 0; i < into.Length; i++) Encode(firstRow + i, into[i]);
    }

    void Encode(int row, EncodedRow into)
    {
        for (var i = cells.RowStarts[row]; i < cells.RowStarts[row + 1]; i++) _places.Put(cells.Indices[i], cells.Values[i], into);
    }
}
