using System.Collections.Immutable;

namespace DistTrain.Training;

/// <summary>
/// What is to be given back when a worker comes that has nothing to do: of those who owe more than their part, the shards they would come
/// to last. Nobody is told to stop: what turns out to be begun already stays where it is.
/// </summary>
public static class LeaseRecall
{
    /// <summary>Whom to ask for which shards; disjoint.</summary>
    /// <param name="rows">Rows of each shard of the part.</param>
    public static ImmutableArray<LeaseShare> Plan(Leases leases, WorkerRoster workers, ImmutableArray<int> rows)
    {
        var owed = leases.Held.Values.Where(lease => !lease.Overdue).Sum(lease => LeasePlan.CostOf(lease.Shards, rows));
        var perThread = (double)owed / workers.ThreadCount;
        return
        [
            .. leases.Held.Where(held => !held.Value.Overdue)
                .Select(held => new LeaseShare(held.Key, Excess(held.Value, perThread * workers[held.Key].Threads, rows)))
                .Where(share => !share.Shards.IsEmpty),
        ];
    }

    /// <summary>
    /// The last of its shards, as far as it keeps its part. What is to be answered one by one stays: others may have it too.
    /// </summary>
    static ShardSet Excess(Lease lease, double part, ImmutableArray<int> rows)
    {
        var left = (double)LeasePlan.CostOf(lease.Shards, rows);
        return ShardSet.Of(lease.Combined.Except(lease.Separate).Reverse().TakeWhile(shard => (left -= rows[shard.Index] + 1L) >= part));
    }
}
