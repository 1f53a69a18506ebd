using System.Collections.Immutable;
using DistTrain.Data.Schema;
using DistTrain.Data.Storage;

namespace DistTrain.Data.Preparation;

/// <summary>The layout that follows from the storage of each feature, and each feature's place in it.</summary>
/// <param name="Places">For each feature of the schema.</param>
sealed record StoragePlan(FeatureLayout Layout, FeaturePlace[] Places)
{
    const int BitsPerCode = 8;

    /// <summary>Held order: dense features, level columns, bits, sparse features; schema order in each.</summary>
    /// <param name="format">How training rows are to hold dense columns.</param>
    public static StoragePlan Of(FeatureSchema schema, FeatureStorage[] storages, DenseFormat format = DenseFormat.Full)
    {
        var centers = CentersOf(schema);
        int[] dense = With(FeatureStorage.Dense), level = With(FeatureStorage.Level);
        int[] bits = With(FeatureStorage.Bits), sparse = With(FeatureStorage.Sparse);
        ImmutableArray<int> features = [.. dense, .. level, .. bits, .. sparse];

        var levelColumns = LevelColumns(schema, storages, dense.Length);
        var bitColumns = BitColumns(bits.Length, dense.Length + level.Length);
        var layout = new FeatureLayout(
            dense.Length, [.. levelColumns, .. bitColumns], sparse.Length, features,
            [.. features.Select(feature => centers[feature])])
        {
            TrainingFormat = dense.Length > 0 ? format : DenseFormat.Full,
        };
        return new StoragePlan(layout, PlacesIn(layout));

        int[] With(FeatureStorage storage) =>
            [.. Enumerable.Range(0, storages.Length).Where(feature => storages[feature] == storage)];
    }

    static float[] CentersOf(FeatureSchema schema) =>
        [.. schema.Columns.SelectMany(column => Enumerable.Range(0, column.FeatureCount).Select(column.CenterOf))];

    static List<CodedColumnLayout> LevelColumns(FeatureSchema schema, FeatureStorage[] storages, int firstHeld)
    {
        var columns = new List<CodedColumnLayout>();
        var feature = 0;
        foreach (var column in schema.Columns)
        {
            if (column.FeatureCount > 0 && storages[feature] == FeatureStorage.Level)
            {
                columns.Add(new CodedColumnLayout(CodeKind.Level, firstHeld, column.FeatureCount));
                firstHeld += column.FeatureCount;
            }
            feature += column.FeatureCount;
        }
        return columns;
    }

    static List<CodedColumnLayout> BitColumns(int bitCount, int firstHeld)
    {
        var columns = new List<CodedColumnLayout>();
        for (var bit = 0; bit < bitCount; bit += BitsPerCode)
            columns.Add(new CodedColumnLayout(CodeKind.Bits, firstHeld + bit, Math.Min(BitsPerCode, bitCount - bit)));
        return columns;
    }

    static FeaturePlace[] PlacesIn(FeatureLayout layout)
    {
        var places = new FeaturePlace[layout.FeatureCount];
        for (var held = 0; held < layout.DenseCount; held++)
            Place(held, new FeaturePlace(FeatureStorage.Dense, held, 0, layout.Centers[held]));
        for (var column = 0; column < layout.Coded.Length; column++)
        {
            var (kind, first, count) = layout.Coded[column];
            for (var i = 0; i < count; i++)
            {
                Place(first + i, kind == CodeKind.Level
                    ? new FeaturePlace(FeatureStorage.Level, column, (byte)(i + 1), 0)
                    : new FeaturePlace(FeatureStorage.Bits, column, (byte)(1 << i), 0));
            }
        }
        for (var held = layout.SparseFirst; held < layout.FeatureCount; held++)
            Place(held, new FeaturePlace(FeatureStorage.Sparse, held - layout.SparseFirst, 0, 0));
        return places;

        void Place(int held, FeaturePlace place) => places[layout.SchemaFeatures[held]] = place;
    }
}
