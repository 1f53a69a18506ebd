using System.Collections.Concurrent;
using DistTrain.Data.Storage;

namespace DistTrain.Learning;

/// <summary>
/// The batch orders of the epoch at hand, one per shard; safe to share between threads. Saves time only: orders are pure functions.
/// </summary>
public sealed class BatchOrders
{
    readonly ConcurrentDictionary<ShardId, (BatchPosition Epoch, int[] Order)> _orders = new();

    /// <summary><see cref="BatchSchedule.OrderOf"/>, remembered until the shard is asked for in another epoch. Only to be read.</summary>
    public int[] Of(BatchPosition position, ShardId shard)
    {
        var epoch = position with { Step = 0 };
        if (_orders.TryGetValue(shard, out var known) && known.Epoch == epoch) return known.Order;

        var order = BatchSchedule.OrderOf(position, shard);
        _orders[shard] = (epoch, order);
        return order;
    }
}
