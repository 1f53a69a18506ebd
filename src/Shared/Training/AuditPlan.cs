using System.Collections.Immutable;
using DistTrain.Data.Storage;

namespace DistTrain.Training;

/// <summary>Who is to compute which audited shards besides those who are at it.</summary>
/// <param name="Shares">In the order of the workers.</param>
/// <param name="Referred">Shards that no worker can settle: the coordinator's own to compute.</param>
public sealed record AuditPlan(ImmutableArray<LeaseShare> Shares, ShardSet Referred)
{
    /// <param name="recomputing">Shards that the coordinator computes already.</param>
    /// <param name="workers">Who may be asked.</param>
    /// <param name="rows">Rows of each shard of the part.</param>
    public static AuditPlan Of(
        Audit audit, Leases leases, ShardSet recomputing, IReadOnlyList<RosterWorker> workers, ImmutableArray<int> rows)
    {
        var takers = workers.Where(worker => !leases.IsOverdue(worker.Id))
            .Select(worker => new Taker(worker, LeasePlan.CostOf(leases.Of(worker.Id), rows))).ToArray();
        var referred = audit.Open.Except(recomputing)
            .Where(shard => !audit.HasAnswerOf(null, shard) && !TryAsk(shard, audit, leases, takers, rows[shard.Index] + 1L))
            .ToArray();
        return new AuditPlan(
            [.. takers.Where(taker => taker.Shards.Count > 0).Select(taker => new LeaseShare(taker.Worker.Id, ShardSet.Of(taker.Shards)))],
            ShardSet.Of(referred));
    }

    /// <summary>Adds takers until there are as many as wanted; false where there are too few.</summary>
    static bool TryAsk(ShardId shard, Audit audit, Leases leases, Taker[] takers, long cost)
    {
        var wanted = audit.WorkersWanted(shard);
        if (wanted == 0) return false;
        var missing = wanted - audit.AnswerCount(shard) - leases.InTimeWith(shard).Count();
        for (; missing > 0; missing--)
        {
            var taker = takers.Where(taker => taker.MayTake(shard, audit, leases)).MinBy(taker => taker.LoadWith(cost));
            if (taker is null) return false;
            taker.Take(shard, cost);
        }
        return true;
    }

    /// <summary>A worker and what it has to do.</summary>
    sealed class Taker(RosterWorker worker, long owed)
    {
        long _cost = owed;

        public RosterWorker Worker { get; } = worker;

        public HashSet<ShardId> Shards { get; } = [];

        public bool MayTake(ShardId shard, Audit audit, Leases leases) =>
            !Shards.Contains(shard) && !audit.HasAnswerOf(Worker.Id, shard) && !leases.Of(Worker.Id).Contains(shard);

        public double LoadWith(long cost) => (double)(_cost + cost) / Worker.Threads;

        public void Take(ShardId shard, long cost)
        {
            Shards.Add(shard);
            _cost += cost;
        }
    }
}
