using System.Collections.Immutable;

namespace DistTrain.Data.Schema;

/// <summary>
/// How input columns become features, as learnt from the training input and kept in the model. Features are numbered in column order.
/// </summary>
public sealed record FeatureSchema(ImmutableArray<ColumnSchema> Columns)
{
    public int FeatureCount => Columns.Sum(column => column.FeatureCount);
}

/// <summary>One input column.</summary>
public abstract record ColumnSchema(string Name)
{
    /// <summary>Features that it makes.</summary>
    public abstract int FeatureCount { get; }

    /// <summary>The user's word for its feature number <paramref name="index"/>: "year", "colour=red", "price (missing)".</summary>
    public abstract string FeatureName(int index);
}

/// <summary>A number: one feature x − center; with a missing value a second one, 1 where the cell was empty.</summary>
/// <param name="Center">
/// The mean of a sample of training rows where the column is held dense, else 0. Weights and intercepts in a model file belong to the
/// uncentred x.
/// </param>
/// <param name="MissingValue">What an empty cell stands for: the training mean; null where empty cells are an error.</param>
public sealed record NumericColumnSchema(string Name, float Center, double? MissingValue) : ColumnSchema(Name)
{
    public bool HasMissingIndicator => MissingValue is not null;

    public override int FeatureCount => HasMissingIndicator ? 2 : 1;

    public override string FeatureName(int index) => index == 0 ? Name : $"{Name} (missing)";
}

/// <summary>A category: one feature per level seen in the training rows, 1 where the row has it. Other texts are all zero.</summary>
public sealed record CategoricalColumnSchema(string Name, ImmutableArray<string> Levels) : ColumnSchema(Name)
{
    public override int FeatureCount => Levels.Length;

    public override string FeatureName(int index) => $"{Name}={Levels[index]}";
}

/// <summary>LIBSVM's features: those indices that occur, renumbered in order.</summary>
/// <param name="Indices">For each feature, the index as written in the file; ascending.</param>
/// <param name="Centers">For each feature, what is subtracted before it is held; 0 where it is not held dense.</param>
public sealed record IndexedColumnsSchema(ImmutableArray<int> Indices, ImmutableArray<float> Centers, int IndexBase)
    : ColumnSchema("features")
{
    public override int FeatureCount => Indices.Length;

    public override string FeatureName(int index) => Indices[index].ToString(System.Globalization.CultureInfo.InvariantCulture);
}
