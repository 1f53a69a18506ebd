using DistTrain.Data.Schema;

namespace DistTrain.Formats.Datasets;

/// <summary>The kinds of column in a manifest.</summary>
enum StoredColumnKind
{
    Numeric,
    Categorical,
    Indexed,
}

/// <summary>An input column as the manifest has it: what belongs to each of its features is in the file of features.</summary>
/// <param name="MissingValue">Of numbers; null where empty cells are an error.</param>
/// <param name="IndexBase">Of LIBSVM.</param>
sealed record StoredColumn(StoredColumnKind Kind, string Name, int FeatureCount, double? MissingValue, int IndexBase)
{
    public static StoredColumn Of(ColumnSchema column) => column switch
    {
        NumericColumnSchema number => new(StoredColumnKind.Numeric, number.Name, number.FeatureCount, number.MissingValue, 0),
        CategoricalColumnSchema category => new(StoredColumnKind.Categorical, category.Name, category.FeatureCount, null, 0),
        IndexedColumnsSchema indexed => new(StoredColumnKind.Indexed, indexed.Name, indexed.FeatureCount, null, indexed.IndexBase),
        _ => throw new System.Diagnostics.UnreachableException($"Unknown column {column}."),
    };
}
