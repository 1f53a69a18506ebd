using DistTrain.Data.Storage;

namespace DistTrain.Formats.Datasets;

/// <summary>The names of a dataset's files.</summary>
public static class DatasetNames
{
    /// <summary>Everything about the dataset, the hashes of all other files among it. Written last: a folder without it is no dataset.</summary>
    public const string Manifest = "manifest.json";

    /// <summary>A row for each feature, in the schema's order.</summary>
    internal const string Features = "features.arrow";

    /// <summary>A row for each feature, in the order as held.</summary>
    internal const string Statistics = "statistics.arrow";

    /// <summary>A row for each class and feature, in the order as held.</summary>
    internal const string ClassStatistics = "class-statistics.arrow";

    /// <summary>A row for each example of a shard.</summary>
    internal static string Of(DatasetPart part, ShardId shard) =>
        FormattableString.Invariant($"{(part == DatasetPart.Training ? "training" : "validation")}-{shard.Index:D5}.arrow");
}
