namespace DistTrain.Data.Storage;

/// <summary>Where a worker gets its shards from. Calls may come from several threads; what is returned is immutable and shared.</summary>
public interface IShardSource
{
    /// <summary>A whole shard.</summary>
    Shard Open(DatasetPart part, ShardId shard);

    /// <summary>
    /// One of the fixed small batches into which a training shard of n rows is cut: batch t of T holds its rows ⌊t·n/T⌋ to ⌊(t+1)·n/T⌋ − 1.
    /// </summary>
    Shard OpenBatch(ShardId shard, int batch, int batchCount);
}
