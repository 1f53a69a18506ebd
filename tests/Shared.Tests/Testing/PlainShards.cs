using DistTrain.Data.Storage;

namespace DistTrain.Shared.Tests.Testing;

/// <summary>The rows of a plain problem as the shards that the kernels read.</summary>
public sealed class PlainShards(PlainProblem problem, int[] shardRows) : IShardSource
{
    readonly ExampleRows _rows = new(
        problem.Manifest().Layout,
        problem.ClassCount,
        [.. problem.Features.Select(row => row.Select(x => (float)x).ToArray())],
        problem.Labels,
        [.. problem.Weights.Select(weight => (float)weight)]);

    public Shard Open(DatasetPart part, ShardId shard) => RowsOf(shard).ToShard(shard.Index);

    public Shard OpenSlice(ShardSlice slice) => RowsOf(slice.Shard).Slice(slice.First, slice.End).ToShard(slice.Shard.Index);

    ExampleRows RowsOf(ShardId shard)
    {
        var first = shardRows.Take(shard.Index).Sum();
        return _rows.Slice(first, first + shardRows[shard.Index]);
    }
}
