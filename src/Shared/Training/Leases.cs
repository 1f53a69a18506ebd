using System.Collections.Immutable;
using DistTrain.Data.Storage;
using DistTrain.Protocol;

namespace DistTrain.Training;

/// <summary>Who is to compute what in one evaluation: for each worker, the shards it was asked for and has not answered.</summary>
public sealed record Leases
{
    public static Leases None { get; } = new();

    /// <summary>In the order of the workers' names.</summary>
    public ImmutableSortedDictionary<WorkerId, Lease> Held { get; private init; } =
        ImmutableSortedDictionary.Create<WorkerId, Lease>(WorkerId.Order);

    /// <summary>Shards that were leased at least once in this evaluation: when leased again they are to be answered uncombined.</summary>
    public ShardSet EverLeased { get; private init; } = ShardSet.Empty;

    /// <summary>Workers of whose shards others answered some: they may still compute what nobody waits for.</summary>
    public ImmutableSortedSet<WorkerId> Outrun { get; private init; } = ImmutableSortedSet.Create(WorkerId.Order);

    /// <summary>Shards that some worker has been asked for and has not answered.</summary>
    public ShardSet Outstanding => Held.Values.Aggregate(ShardSet.Empty, (all, lease) => all.Union(lease.Shards));

    /// <summary>The earliest deadline; null where nothing is leased.</summary>
    public TimeSpan? FirstDeadline => Held.IsEmpty ? null : Held.Values.Min(lease => lease.Deadline);

    public bool IsIdle(WorkerId worker) => !Held.ContainsKey(worker);

    public bool IsOverdue(WorkerId worker) => Held.TryGetValue(worker, out var lease) && lease.Overdue;

    /// <summary>Deadlines of this evaluation that the worker has let pass since it last answered, with the lease that it has.</summary>
    public int MissesOf(WorkerId worker) => Held.TryGetValue(worker, out var lease) ? lease.Misses : 0;

    /// <summary>How long a worker that owes something has been silent; null where it owes nothing.</summary>
    public TimeSpan? SilenceOf(WorkerId worker, TimeSpan now) => Held.TryGetValue(worker, out var lease) ? now - lease.HeardAt : null;

    public ShardSet Of(WorkerId worker) => Held.TryGetValue(worker, out var lease) ? lease.Shards : ShardSet.Empty;

    /// <summary>Shards of <paramref name="worker"/> that nobody else has, or only such as are late themselves.</summary>
    public ShardSet OnlyWith(WorkerId worker) =>
        Held.Where(other => other.Key != worker && !other.Value.Overdue)
            .Aggregate(Of(worker), (alone, other) => alone.Except(other.Value.Shards));

    /// <summary>Adds shards to what <paramref name="worker"/> has; one deadline holds for all of it.</summary>
    public Leases Grant(WorkerId worker, ShardSet shards, bool uncombined, TimeSpan at, TimeSpan deadline)
    {
        var lease = Held.GetValueOrDefault(worker, Lease.StartingAt(at));
        var combined = uncombined ? lease.Combined : lease.Combined.Union(shards);
        var separate = uncombined ? lease.Separate.Union(shards) : lease.Separate;
        return this with
        {
            Held = Held.SetItem(worker, new Lease(combined, separate, lease.HeardAt, deadline, lease.Misses, Overdue: false)),
            EverLeased = EverLeased.Union(shards),
        };
    }

    /// <summary>The worker has not answered in time; it may still do so, and is looked at again at <paramref name="deadline"/>.</summary>
    public Leases MarkOverdue(WorkerId worker, TimeSpan deadline) =>
        this with { Held = Held.SetItem(worker, Held[worker].Missed(deadline)) };

    /// <summary>The worker was heard: what it still owes has until <paramref name="deadline"/>, as if none had passed.</summary>
    public Leases Renew(WorkerId worker, TimeSpan at, TimeSpan deadline) => Replace(worker, lease => lease.Renewed(at, deadline));

    /// <summary>Nobody is waited for in silence longer than <paramref name="patience"/>; whose deadline comes sooner keeps it.</summary>
    public Leases Hasten(TimeSpan patience) => Held.Keys.Aggregate(this, (leases, worker) => leases.Replace(
        worker, lease => lease.HeardAt + patience < lease.Deadline ? lease with { Deadline = lease.HeardAt + patience } : lease));

    /// <summary>
    /// The worker has given shards back: nobody owes them, and those that it alone was ever asked for count as never leased.
    /// </summary>
    public Leases Returned(WorkerId worker, ShardSet shards)
    {
        if (!Held.TryGetValue(worker, out var lease)) return this;
        var given = lease.Combined.Except(lease.Separate).Intersect(shards);
        return WithoutCombined(worker, given) with { EverLeased = EverLeased.Except(given) };
    }

    /// <summary>These shards are answered by <paramref name="worker"/>: nobody owes them any more.</summary>
    public Leases Answered(WorkerId worker, ShardSet shards)
    {
        var leases = WithoutShards(worker, shards);
        foreach (var (other, lease) in Held)
        {
            if (other != worker && lease.Shards.Overlaps(shards))
                leases = leases.WithoutShards(other, shards) with { Outrun = leases.Outrun.Add(other) };
        }
        return leases;
    }

    /// <summary>These shards are settled: nobody owes them any more.</summary>
    public Leases Answered(ShardSet shards) => Answered(default, shards);

    /// <summary>Workers that are to answer a shard and are in time.</summary>
    public IEnumerable<WorkerId> InTimeWith(ShardId shard) =>
        Held.Where(held => !held.Value.Overdue && held.Value.Shards.Contains(shard)).Select(held => held.Key);

    /// <summary>The worker no longer owes these shards.</summary>
    public Leases WithoutShards(WorkerId worker, ShardSet shards) => Replace(worker, lease => lease.Without(shards));

    /// <summary>The worker no longer owes those of these shards that it was to answer combined.</summary>
    public Leases WithoutCombined(WorkerId worker, ShardSet shards) => Replace(worker, lease => lease.WithoutCombined(shards));

    public Leases WithoutWorker(WorkerId worker) => this with { Held = Held.Remove(worker), Outrun = Outrun.Remove(worker) };

    Leases Replace(WorkerId worker, Func<Lease, Lease> change)
    {
        if (!Held.TryGetValue(worker, out var lease)) return this;
        var changed = change(lease);
        if (ReferenceEquals(changed, lease)) return this;
        return this with { Held = changed.Shards.IsEmpty ? Held.Remove(worker) : Held.SetItem(worker, changed) };
    }
}

/// <summary>What one worker owes.</summary>
/// <param name="Combined">Shards it may answer together.</param>
/// <param name="Separate">Shards it is to answer one by one; disjoint from <paramref name="Combined"/> unless asked for twice.</param>
/// <param name="HeardAt">When it was last heard of since it owes something; before that, when it was first asked.</param>
/// <param name="Misses">Deadlines that passed since then.</param>
/// <param name="Overdue">A deadline has passed since it was last asked, or since it was last heard.</param>
public sealed record Lease(ShardSet Combined, ShardSet Separate, TimeSpan HeardAt, TimeSpan Deadline, int Misses, bool Overdue)
{
    public static Lease StartingAt(TimeSpan at) => new(ShardSet.Empty, ShardSet.Empty, at, at, Misses: 0, Overdue: false);

    public ShardSet Shards { get; } = Combined.Union(Separate);

    public Lease Missed(TimeSpan nextDeadline) => this with { Deadline = nextDeadline, Misses = Misses + 1, Overdue = true };

    public Lease Renewed(TimeSpan at, TimeSpan deadline) => this with { HeardAt = at, Deadline = deadline, Misses = 0, Overdue = false };

    public Lease Without(ShardSet shards) =>
        Shards.Overlaps(shards) ? new Lease(Combined.Except(shards), Separate.Except(shards), HeardAt, Deadline, Misses, Overdue) : this;

    public Lease WithoutCombined(ShardSet shards) =>
        Combined.Overlaps(shards) ? new Lease(Combined.Except(shards), Separate, HeardAt, Deadline, Misses, Overdue) : this;
}
