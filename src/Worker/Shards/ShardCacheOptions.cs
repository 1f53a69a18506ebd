using DistTrain.Formats.Datasets;

namespace DistTrain.Worker.Shards;

/// <summary>Where a worker keeps what it fetched of datasets, and how much of it.</summary>
public sealed record ShardCacheOptions
{
    /// <summary>Absolute path; made when something is first kept. Workers of one machine may share it.</summary>
    public required string Folder { get; init; }

    /// <summary>Bytes on disk beyond which files that nobody here uses are removed, the longest unused first. At least 0; default 16 GiB.</summary>
    public long BytesMax { get; init; } = 16L << 30;

    /// <summary>Longest wait for a file, apart from what its size takes at <see cref="BytesPerSecondMin"/>; above 0, default 20 s.</summary>
    public TimeSpan FetchTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>The slowest speed at which a file may come; above 0, default 4 MiB/s.</summary>
    public long BytesPerSecondMin { get; init; } = 4 << 20;

    /// <summary>What opened shards may take of memory; default: a share of what this process may have.</summary>
    public ShardRoom Room { get; init; } = ShardRoom.Within(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);

    /// <summary>How long a file of so many bytes may take.</summary>
    internal TimeSpan DeadlineOf(long bytes) => FetchTimeout + TimeSpan.FromSeconds((double)bytes / BytesPerSecondMin);
}
