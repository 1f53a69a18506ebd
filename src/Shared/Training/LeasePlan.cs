using System.Collections.Immutable;
using DistTrain.Data.Storage;
using DistTrain.Protocol;

namespace DistTrain.Training;

/// <summary>Which worker gets which shards. Has no influence on the result: sums are exact whoever computes them.</summary>
/// <param name="RosterVersion">Of the roster that it was made for.</param>
/// <param name="Shares">Disjoint and not empty, in the order of the workers.</param>
public sealed record LeasePlan(long RosterVersion, ImmutableArray<LeaseShare> Shares)
{
    public static LeasePlan Empty { get; } = new(0, []);

    /// <summary>
    /// Divides <paramref name="shards"/> over workers by rows, in proportion to their threads; who had a shard before keeps it if it can.
    /// </summary>
    /// <param name="rows">
    /// Rows of each shard of the part; a shard costs one row more than it has, so that empty ones are spread too.
    /// </param>
    /// <param name="workers">At least one.</param>
    /// <param name="before">The plan whose shares are kept as far as that is fair.</param>
    public static ImmutableArray<LeaseShare> Divide(
        ShardSet shards, ImmutableArray<int> rows, IReadOnlyList<RosterWorker> workers, LeasePlan before)
    {
        var loads = workers.Select(worker => new Load(worker)).ToArray();
        var left = KeepHomes(shards, rows, loads, before);
        foreach (var shard in left.OrderByDescending(shard => rows[shard.Index]).ThenBy(shard => shard.Index))
            loads.MinBy(load => load.With(rows[shard.Index] + 1L))!.Take(shard, rows[shard.Index] + 1L);
        return [.. loads.Where(load => load.Shards.Count > 0).Select(load => new LeaseShare(load.Worker, ShardSet.Of(load.Shards)))];
    }

    /// <summary>Gives workers what they had, up to their fair part of all rows, and returns what is left.</summary>
    static ShardSet KeepHomes(ShardSet shards, ImmutableArray<int> rows, Load[] loads, LeasePlan before)
    {
        var perThread = shards.Sum(shard => rows[shard.Index] + 1.0) / loads.Sum(load => (double)load.Threads);
        var homes = before.Shares.ToDictionary(share => share.Worker, share => share.Shards);
        foreach (var load in loads)
        {
            if (!homes.TryGetValue(load.Worker, out var home)) continue;
            foreach (var shard in home.Intersect(shards))
            {
                if (load.With(rows[shard.Index] + 1L) <= perThread) load.Take(shard, rows[shard.Index] + 1L);
            }
            shards = shards.Except(ShardSet.Of(load.Shards));
        }
        return shards;
    }

    /// <summary>What a worker has been given so far.</summary>
    sealed class Load(RosterWorker worker)
    {
        long _cost;

        public WorkerId Worker { get; } = worker.Id;

        public int Threads { get; } = worker.Threads;

        public List<ShardId> Shards { get; } = [];

        /// <summary>Cost per thread if it also took <paramref name="cost"/>.</summary>
        public double With(long cost) => (double)(_cost + cost) / Threads;

        public void Take(ShardId shard, long cost)
        {
            Shards.Add(shard);
            _cost += cost;
        }
    }
}

/// <summary>The shards of one worker.</summary>
public sealed record LeaseShare(WorkerId Worker, ShardSet Shards);
