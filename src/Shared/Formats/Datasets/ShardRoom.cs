namespace DistTrain.Formats.Datasets;

/// <summary>What the shards of a dataset on disk may take of memory.</summary>
/// <param name="FormBytes">Of this process's own memory, for what is made of files and kept.</param>
/// <param name="FileBytes">Of the system's, for pages of files; where all files are more, those that were read are let go.</param>
public readonly record struct ShardRoom(long FormBytes, long FileBytes)
{
    /// <summary>Everything is kept.</summary>
    public static ShardRoom Unlimited { get; } = new(long.MaxValue, long.MaxValue);

    /// <summary>The room where nothing else is known of the use of so many bytes: half of them; the other half is for all the rest.</summary>
    public static ShardRoom Within(long bytes) => new(bytes / 2, bytes);
}
