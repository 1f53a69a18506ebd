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

    /// <summary>The same, with homes for those who have none yet: what they hold already.</summary>
    public LeasePlan WithHomesOf(IEnumerable<RosterWorker> workers)
    {
        var known = Shares.Select(share => share.Worker).ToHashSet();
        return this with
        {
            Shares =
            [
                .. Shares,
                .. workers.Where(worker => !known.Contains(worker.Id) && !worker.Cached.IsEmpty)
                    .Select(worker => new LeaseShare(worker.Id, worker.Cached)),
            ],
        };
    }

    /// <summary>
    /// Divides <paramref name="shards"/> over workers by rows, in proportion to their threads; who had a shard before keeps it if it can.
    /// Where nobody had any and shards are alike, each gets neighbours: so the slices of a batch, which come from all over the part, are
    /// spread too.
    /// </summary>
    /// <param name="rows">
    /// Rows of each shard of the part; a shard costs one row more than it has, so that empty ones are spread too.
    /// </param>
    /// <param name="workers">At least one.</param>
    /// <param name="before">The shares that are kept as far as that is fair; here they may overlap.</param>
    /// <param name="owed">What the workers have to do already.</param>
    public static ImmutableArray<LeaseShare> Divide(
        ShardSet shards, ImmutableArray<int> rows, IReadOnlyList<RosterWorker> workers, LeasePlan before, Leases? owed = null)
    {
        var loads = workers.Select(worker => new Load(worker, CostOf(owed?.Of(worker.Id) ?? ShardSet.Empty, rows))).ToArray();
        var left = KeepHomes(shards, rows, loads, before.Shares.IsEmpty && AreAlike(shards, rows) ? Neighbourhoods(shards, rows, loads) : before);
        foreach (var shard in left.OrderByDescending(shard => rows[shard.Index]).ThenBy(shard => shard.Index))
            loads.MinBy(load => load.With(CostOf(shard, rows)))!.Take(shard, CostOf(shard, rows));
        return [.. loads.Where(load => load.Shards.Count > 0).Select(load => new LeaseShare(load.Worker, ShardSet.Of(load.Shards)))];
    }

    /// <summary>Whether shards are as large as each other, as they are cut.</summary>
    static bool AreAlike(ShardSet shards, ImmutableArray<int> rows) =>
        !shards.IsEmpty && shards.Max(shard => rows[shard.Index]) - shards.Min(shard => rows[shard.Index]) <= 1;

    /// <summary>Homes for workers that have none: to each, in their order, the shards whose middle falls into its part of all rows.</summary>
    static LeasePlan Neighbourhoods(ShardSet shards, ImmutableArray<int> rows, Load[] loads)
    {
        var perThread = CostOf(shards, rows) / loads.Sum(load => (double)load.Threads);
        var homes = loads.Select(_ => new List<ShardId>()).ToArray();
        var (worker, end, before) = (0, perThread * loads[0].Threads, 0L);
        foreach (var shard in shards)
        {
            var cost = CostOf(shard, rows);
            for (; before + cost / 2.0 > end && worker < loads.Length - 1; end += perThread * loads[worker].Threads) worker++;
            homes[worker].Add(shard);
            before += cost;
        }
        return new LeasePlan(0, [.. loads.Zip(homes, (load, home) => new LeaseShare(load.Worker, ShardSet.Of(home)))]);
    }

    /// <summary>What computing shards costs, in rows; one more for each shard.</summary>
    public static long CostOf(ShardSet shards, ImmutableArray<int> rows) => shards.Sum(shard => CostOf(shard, rows));

    static long CostOf(ShardId shard, ImmutableArray<int> rows) => rows[shard.Index] + 1L;

    /// <summary>
    /// Gives workers what they had, up to their fair part of all rows, and returns what is left. What several had comes last: so one that
    /// comes back gets its own again rather than anything.
    /// </summary>
    static ShardSet KeepHomes(ShardSet shards, ImmutableArray<int> rows, Load[] loads, LeasePlan before)
    {
        var perThread = (CostOf(shards, rows) + loads.Sum(load => load.Cost)) / loads.Sum(load => (double)load.Threads);
        var homes = before.Shares.ToDictionary(share => share.Worker, share => share.Shards);
        var claims = loads.SelectMany(load => homes.GetValueOrDefault(load.Worker, ShardSet.Empty)).CountBy(shard => shard).ToDictionary();
        foreach (var load in loads)
        {
            if (!homes.TryGetValue(load.Worker, out var home)) continue;
            foreach (var shard in home.Intersect(shards).OrderBy(shard => claims[shard]))
            {
                if (load.With(CostOf(shard, rows)) <= perThread) load.Take(shard, CostOf(shard, rows));
            }
            shards = shards.Except(ShardSet.Of(load.Shards));
        }
        return shards;
    }

    /// <summary>What a worker has been given so far.</summary>
    sealed class Load(RosterWorker worker, long owed)
    {
        public long Cost { get; private set; } = owed;

        public WorkerId Worker { get; } = worker.Id;

        public int Threads { get; } = worker.Threads;

        public List<ShardId> Shards { get; } = [];

        /// <summary>Cost per thread if it also took <paramref name="cost"/>.</summary>
        public double With(long cost) => (double)(Cost + cost) / Threads;

        public void Take(ShardId shard, long cost)
        {
            Shards.Add(shard);
            Cost += cost;
        }
    }
}

/// <summary>The shards of one worker.</summary>
public sealed record LeaseShare(WorkerId Worker, ShardSet Shards);
