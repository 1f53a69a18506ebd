using DistTrain.Data.Preparation;

namespace DistTrain.Data.Schema;

/// <summary>The centres of a schema, feature by feature.</summary>
static class SchemaCenters
{
    /// <summary>What is subtracted from feature <paramref name="index"/> of the column before it is held.</summary>
    public static float CenterOf(this ColumnSchema column, int index) => column switch
    {
        NumericColumnSchema number => index == 0 ? number.Center : 0,
        IndexedColumnsSchema indexed => indexed.Centers[index],
        _ => 0,
    };

    /// <summary>The same schema with centres of 0 for the features that are not held dense.</summary>
    public static FeatureSchema CenteredWhereDense(this FeatureSchema schema, FeatureStorage[] storages)
    {
        var first = 0;
        return new FeatureSchema([.. schema.Columns.Select(Settle)]);

        ColumnSchema Settle(ColumnSchema column)
        {
            var storage = storages.AsMemory(first, column.FeatureCount);
            first += column.FeatureCount;
            return column switch
            {
                NumericColumnSchema number => number with { Center = Kept(number.Center, storage.Span[0]) },
                IndexedColumnsSchema indexed =>
                    indexed with { Centers = [.. indexed.Centers.Select((center, i) => Kept(center, storage.Span[i]))] },
                _ => column,
            };
        }

        static float Kept(float center, FeatureStorage storage) => storage == FeatureStorage.Dense ? center : 0;
    }
}
