namespace DistTrain.Data.Storage;

/// <summary>Where a worker gets its shards from. Calls may come from several threads; what is returned is immutable and shared.</summary>
public interface IShardSource
{
    /// <summary>A whole shard.</summary>
    Shard Open(DatasetPart part, ShardId shard);

    /// <summary>Some rows of a training shard in the form of a shard of their own; all of them: the shard.</summary>
    Shard OpenSlice(ShardSlice slice);
}
