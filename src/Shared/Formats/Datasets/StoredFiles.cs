using System.Collections.Immutable;
using DistTrain.Data.Storage;

namespace DistTrain.Formats.Datasets;

/// <summary>All files of a dataset but its manifest, which names them.</summary>
/// <param name="Training">One for each training shard.</param>
/// <param name="Validation">One for each validation shard.</param>
public sealed record StoredFiles(
    StoredFile Features, StoredFile Statistics, StoredFile ClassStatistics,
    ImmutableArray<StoredFile> Training, ImmutableArray<StoredFile> Validation)
{
    public IEnumerable<StoredFile> All => [Features, Statistics, ClassStatistics, .. Training, .. Validation];

    /// <summary>The files of a part's shards.</summary>
    public ImmutableArray<StoredFile> Of(DatasetPart part) => part == DatasetPart.Training ? Training : Validation;

    /// <summary>The file of a shard.</summary>
    public StoredFile Of(DatasetPart part, ShardId shard) => Of(part)[shard.Index];
}
