using System.Collections.Immutable;
using System.Diagnostics;
using DistTrain.Data.Schema;
using DistTrain.Problems;

namespace DistTrain.Formats.Datasets;

/// <summary>
/// What a schema has for each feature, in its own order: <c>name</c>, the level of a category (else empty); <c>index</c>, LIBSVM's (else
/// −1); <c>center</c>, what is subtracted before it is held. The columns that the features belong to are in the manifest.
/// </summary>
static class FeatureFile
{
    public static void Write(Stream stream, FeatureSchema schema)
    {
        var (names, indices, centers) = (new List<string>(), new List<int>(), new List<float>());
        foreach (var column in schema.Columns)
        {
            for (var i = 0; i < column.FeatureCount; i++)
            {
                names.Add(column is CategoricalColumnSchema category ? category.Levels[i] : "");
                indices.Add(column is IndexedColumnsSchema indexed ? indexed.Indices[i] : -1);
                centers.Add(column.CenterOf(i));
            }
        }
        ArrowFile.Write(
            stream, names.Count, ArrowColumn.OfTexts("name", names),
            ArrowColumn.Of<int>("index", indices.ToArray()), ArrowColumn.Of<float>("center", centers.ToArray()));
    }

    /// <summary>The schema of these columns.</summary>
    /// <exception cref="DistTrainException">DT4706: it does not fit them.</exception>
    public static FeatureSchema Read(
        ReadOnlyMemory<byte> file, ImmutableArray<StoredColumn> columns, Func<string, DistTrainException> refuse)
    {
        var (names, indices, centers) = ArrowFile.Read(
            file, table => (table.Texts("name"), table.Numbers<int>("index").ToArray(), table.Numbers<float>("center").ToArray()), refuse);
        if (names.Length != columns.Sum(column => (long)column.FeatureCount))
            throw refuse("it has another number of features than the manifest");
        if (!centers.All(float.IsFinite)) throw refuse("a center is not finite");
        var first = 0;
        return new FeatureSchema([.. columns.Select(Take)]);

        ColumnSchema Take(StoredColumn column)
        {
            var range = first..(first += column.FeatureCount);
            return column.Kind switch
            {
                StoredColumnKind.Numeric => new NumericColumnSchema(column.Name, centers[range][0], column.MissingValue),
                StoredColumnKind.Categorical => new CategoricalColumnSchema(column.Name, Distinct(names[range], column.Name, refuse)),
                StoredColumnKind.Indexed =>
                    new IndexedColumnsSchema(Ascending(indices[range], column.IndexBase, refuse), [.. centers[range]], column.IndexBase),
                _ => throw new UnreachableException($"Unknown column {column}."),
            };
        }
    }

    static ImmutableArray<string> Distinct(ImmutableArray<string> levels, string column, Func<string, DistTrainException> refuse) =>
        levels.Distinct(StringComparer.Ordinal).Count() == levels.Length ? levels : throw refuse($"column \"{column}\" has the same level twice");

    static ImmutableArray<int> Ascending(int[] indices, int indexBase, Func<string, DistTrainException> refuse)
    {
        var ascends = indices.Length == 0 || indices[0] >= indexBase;
        for (var i = 1; i < indices.Length; i++) ascends &= indices[i - 1] < indices[i];
        return ascends ? [.. indices] : throw refuse("indices are not ascending, or out of range");
    }
}
