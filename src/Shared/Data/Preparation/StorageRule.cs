using DistTrain.Data.Schema;

namespace DistTrain.Data.Preparation;

/// <summary>The rule by which features are held. It looks at the content of the whole input and at nothing else.</summary>
/// <remarks>
/// <list type="bullet">
/// <item>A category of up to 255 levels is one byte per row: a table look-up costs the same for any level. More levels are sparse.</item>
/// <item>A feature of zeros and ones alone, with ones in more than 1 of 16 rows, shares a byte with seven others: less memory than a
/// 16-bit row number per one, at a cost that does not depend on how many bits are set. Rarer ones are sparse.</item>
/// <item>Any other feature with nonzeros in at most a quarter of the rows is sparse: six bytes per nonzero and arithmetic on nonzeros
/// only.</item>
/// <item>The rest is dense and held centred, because subtracting a mean fills the zeros in and keeps float gradients exact.</item>
/// </list>
/// Rows that a model is asked about follow the same rule by their own content, but what the model has centred stays dense.
/// Layout is part of the arithmetic, so that cores, caches and memory must not be asked.
/// </remarks>
static class StorageRule
{
    /// <summary>Most levels of a category held as a byte; code 0 says "none".</summary>
    public const int LevelsMax = 255;

    const int BitsRowsPerOne = 16;
    const int SparseRowsPerNonzero = 4;

    /// <summary>The storage of each feature of the schema.</summary>
    /// <param name="centersAreFixed">Whether the schema is a model's: a centre other than 0 then means dense.</param>
    public static FeatureStorage[] Choose(FeatureSchema schema, FeatureContents contents, bool centersAreFixed)
    {
        var storages = new FeatureStorage[schema.FeatureCount];
        var first = 0;
        foreach (var column in schema.Columns)
        {
            for (var i = 0; i < column.FeatureCount; i++)
            {
                storages[first + i] = centersAreFixed && column.CenterOf(i) != 0 ? FeatureStorage.Dense
                    : column is CategoricalColumnSchema category ? OfCategory(category.Levels.Length)
                    : OfNumber(contents.RowCount, contents.NonzeroCounts[first + i], contents.OnlyZerosAndOnes(first + i));
            }
            first += column.FeatureCount;
        }
        return storages;
    }

    public static FeatureStorage OfCategory(int levelCount) => levelCount <= LevelsMax ? FeatureStorage.Level : FeatureStorage.Sparse;

    public static FeatureStorage OfNumber(int rowCount, int nonzeroCount, bool onlyZerosAndOnes)
    {
        if (onlyZerosAndOnes)
            return (long)nonzeroCount * BitsRowsPerOne > rowCount ? FeatureStorage.Bits : FeatureStorage.Sparse;
        return (long)nonzeroCount * SparseRowsPerNonzero <= rowCount ? FeatureStorage.Sparse : FeatureStorage.Dense;
    }
}
