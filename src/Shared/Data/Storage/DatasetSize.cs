namespace DistTrain.Data.Storage;

/// <summary>How large a dataset will be, known before room is made for it.</summary>
public sealed record DatasetSize
{
    /// <summary>D, as held.</summary>
    public required int FeatureCount { get; init; }

    /// <summary>K: classes with training weight.</summary>
    public required int ClassCount { get; init; }

    /// <summary>Rows of both parts.</summary>
    public required int RowCount { get; init; }

    /// <summary>Numbers of a dense row, padding included.</summary>
    public required int DenseStride { get; init; }

    /// <summary>Rows whose dense numbers take two bytes each, not four.</summary>
    public int HalvedRowCount { get; init; }

    /// <summary>Bytes of a row's codes.</summary>
    public required int CodedCount { get; init; }

    /// <summary>Values of sparse features that are not 0; an upper bound where a category has values unseen in training.</summary>
    public required long NonzeroCount { get; init; }

    /// <summary>Those of them whose feature has other values than ones, at most: only they are kept with their values.</summary>
    public long ValuedNonzeroCount { get; init; }

    /// <summary>Columns of sparse features, those of each shard counted, at most.</summary>
    public long SparseColumnCount { get; init; }

    /// <summary>Bytes of the tables that the dataset is made from; they live as long as it does.</summary>
    public required long TableBytes { get; init; }

    /// <summary>
    /// Where shards lie in files that can be read again whenever one is wanted: rows and nonzeros of the largest. Null where all shards
    /// stay in memory.
    /// </summary>
    public (int RowCount, long NonzeroCount)? LargestShard { get; init; }
}
