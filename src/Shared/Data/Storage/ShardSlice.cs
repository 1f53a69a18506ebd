namespace DistTrain.Data.Storage;

/// <summary>Consecutive rows of one training shard: what one batch takes of it, or a part of that.</summary>
/// <param name="First">The first row.</param>
/// <param name="End">The row after the last.</param>
public readonly record struct ShardSlice(ShardId Shard, int First, int End)
{
    public int RowCount => End - First;
}
