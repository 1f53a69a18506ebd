using DistTrain.Data.Schema;
using DistTrain.Data.Tables;

namespace DistTrain.Data.Preparation;

/// <summary>Puts the cells of one column into encoded rows.</summary>
abstract class CellEncoder
{
    public abstract void Encode(int row, EncodedRow into);

    /// <summary>The encoder of one column.</summary>
    /// <param name="places">The places of the column's features.</param>
    public static CellEncoder Of(ColumnSchema schema, TableColumn column, ReadOnlyMemory<FeaturePlace> places) => (schema, column) switch
    {
        (NumericColumnSchema { MissingValue: { } missing }, NumericColumn cells) =>
            new NumberOrMissingEncoder(cells.Values, places.Span[0], places.Span[1], missing),
        (NumericColumnSchema, NumericColumn cells) => new NumberEncoder(cells.Values, places.Span[0]),
        (CategoricalColumnSchema category, TextColumn cells) => new CategoryEncoder(category, cells, places),
        (IndexedColumnsSchema indexed, IndexedColumns cells) => new IndexedEncoder(indexed, cells, places),
        _ => throw new ArgumentException($"No way to encode {column.Name}.", nameof(column)),
    };
}

/// <summary>A number in every row.</summary>
sealed class NumberEncoder(double[] cells, FeaturePlace place) : CellEncoder
{
    public override void Encode(int row, EncodedRow into) => into.Put(place, cells[row]);
}

/// <summary>A number, or where there is none, what stands for it and a mark that it was missing.</summary>
sealed class NumberOrMissingEncoder(double[] cells, FeaturePlace place, FeaturePlace indicator, double missing) : CellEncoder
{
    public override void Encode(int row, EncodedRow into)
    {
        var x = cells[row];
        var isMissing = double.IsNaN(x);
        into.Put(place, isMissing ? missing : x);
        into.Put(indicator, isMissing ? 1 : 0);
    }
}

/// <summary>A 1 for the row's level; nothing for a text that is no level.</summary>
sealed class CategoryEncoder : CellEncoder
{
    readonly int[] _codes;
    readonly int[] _levelOfCode;
    readonly ReadOnlyMemory<FeaturePlace> _places;

    public CategoryEncoder(CategoricalColumnSchema schema, TextColumn cells, ReadOnlyMemory<FeaturePlace> places) =>
        (_codes, _levelOfCode, _places) = (cells.Codes, LevelsOf(schema, cells), places);

    /// <summary>For each text of the dictionary, its level; −1 where it is none.</summary>
    public static int[] LevelsOf(CategoricalColumnSchema schema, TextColumn cells)
    {
        var levelOf = schema.Levels.Select((text, level) => (text, level)).ToDictionary(pair => pair.text, pair => pair.level);
        return [.. cells.Dictionary.Select(text => levelOf.TryGetValue(text, out var level) ? level : -1)];
    }

    public override void Encode(int row, EncodedRow into)
    {
        var level = _levelOfCode[_codes[row]];
        if (level >= 0) into.Put(_places.Span[level], 1);
    }
}

/// <summary>LIBSVM's cells; an index that the schema does not have is left out.</summary>
sealed class IndexedEncoder(IndexedColumnsSchema schema, IndexedColumns cells, ReadOnlyMemory<FeaturePlace> places) : CellEncoder
{
    readonly IndexSet _known = new(schema.Indices);

    public override void Encode(int row, EncodedRow into)
    {
        var placeOf = places.Span;
        for (var i = cells.RowStarts[row]; i < cells.RowStarts[row + 1]; i++)
        {
            var feature = _known.RankOf(cells.Indices[i]);
            if (feature >= 0) into.Put(placeOf[feature], cells.Values[i]);
        }
    }
}
