namespace DistTrain.Data.Storage;

/// <summary>The number of a shard: 0 … shards − 1 within its part of the dataset.</summary>
public readonly record struct ShardId(int Index)
{
    public override string ToString() => $"shard {Index}";
}
