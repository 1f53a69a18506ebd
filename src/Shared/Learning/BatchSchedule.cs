using DistTrain.Data.Storage;
using DistTrain.Numerics;

namespace DistTrain.Learning;

/// <summary>Which rows of a shard an evaluation asks for: all of them, or one of the fixed small batches.</summary>
public static class BatchSchedule
{
    /// <summary>The rows of <paramref name="shard"/> that <paramref name="request"/> is about.</summary>
    /// <param name="orders">Remembers orders between calls; without it each batch request builds one of StepsPerEpoch numbers.</param>
    public static Shard Open(IShardSource source, EvaluationRequest request, ShardId shard, BatchOrders? orders = null)
    {
        if (request.Batch is not { } position) return source.Open(request.Part, shard);

        var order = orders?.Of(position, shard) ?? OrderOf(position, shard);
        return source.OpenBatch(shard, order[position.Step], position.StepsPerEpoch);
    }

    /// <summary>The order in which an epoch's steps take a shard's small batches: a permutation of 0 … StepsPerEpoch − 1.</summary>
    public static int[] OrderOf(BatchPosition position, ShardId shard) =>
        Permutation.Of(position.StepsPerEpoch, position.Seed, ((ulong)position.Epoch << 32) | (uint)shard.Index);
}
