using System.Collections.Immutable;
using DistTrain.Protocol;

namespace DistTrain.Training;

/// <summary>
/// The account of one evaluation: which shards are answered, and by which sums. It is complete when the accepted sets cover all shards;
/// since they are disjoint, every shard is then counted exactly once. Messages are never counted.
/// </summary>
public sealed record Ledger
{
    public Ledger(ShardSet expected) => Expected = expected;

    /// <summary>The shards of the evaluation.</summary>
    public ShardSet Expected { get; }

    /// <summary>The shards that have an accepted answer.</summary>
    public ShardSet Covered { get; private init; } = ShardSet.Empty;

    /// <summary>Disjoint; their union is <see cref="Covered"/>.</summary>
    public ImmutableArray<AcceptedContribution> Accepted { get; private init; } = [];

    public ShardSet Missing => Expected.Except(Covered);

    public bool IsComplete => Covered.Count == Expected.Count;

    /// <summary>Why a set of shards cannot be taken, as a predicate of the contribution; null where it can.</summary>
    public string? Objection(ShardSet shards)
    {
        if (shards.IsEmpty) return "it names no shard";
        var unknown = shards.Except(Expected);
        if (!unknown.IsEmpty) return $"it names {unknown}, of which the evaluation has none";
        var twice = shards.Intersect(Covered);
        return twice.IsEmpty ? null
            : twice.Equals(shards) ? $"{twice} already answered"
            : $"{twice} already answered, and sums cannot be taken apart";
    }

    /// <summary>The account with <paramref name="contribution"/>, to which there is no objection.</summary>
    /// <param name="worker">Whose it is; null: the coordinator's own.</param>
    /// <param name="isVerified">Somebody else has computed the same.</param>
    public Ledger Accept(Contribution contribution, WorkerId? worker, bool isVerified = false) =>
        Objection(contribution.Shards) is { } objection
            ? throw new InvalidOperationException($"A contribution of {contribution.Shards} cannot be accepted: {objection}.")
            : this with { Covered = Covered.Union(contribution.Shards), Accepted = Accepted.Add(new(contribution, worker, isVerified)) };

    /// <summary>The account with an answer that one worker added up for several.</summary>
    public Ledger Accept(ContributionComputed combined)
    {
        var ledger = Accept(combined.Contribution, combined.Worker);
        return ledger with { Accepted = ledger.Accepted.SetItem(ledger.Accepted.Length - 1, ledger.Accepted[^1] with { Parts = combined.Parts }) };
    }

    /// <summary>The account without what <paramref name="worker"/> alone has said.</summary>
    public Ledger Without(WorkerId worker)
    {
        var kept = Accepted.RemoveAll(accepted => accepted.IsPartlyOf(worker) && !accepted.IsVerified);
        return this with
        {
            Accepted = kept,
            Covered = kept.Aggregate(ShardSet.Empty, (all, accepted) => all.Union(accepted.Contribution.Shards)),
        };
    }
}

/// <summary>Sums that count.</summary>
/// <param name="Worker">Whose they are; null: the coordinator's own.</param>
/// <param name="IsVerified">Somebody else has computed the same.</param>
public sealed record AcceptedContribution(Contribution Contribution, WorkerId? Worker, bool IsVerified)
{
    /// <summary>Who computed what of it, where one worker answered for several; empty where <see cref="Worker"/> computed it alone.</summary>
    public ImmutableArray<ContributionPart> Parts { get; init; } = [];

    /// <summary>For each who computed some of it, what; one without a worker is the coordinator's own.</summary>
    public IEnumerable<(WorkerId? Worker, ShardSet Shards)> Shares =>
        Parts.IsEmpty ? [(Worker, Contribution.Shards)] : Parts.Select(part => ((WorkerId?)part.Worker, part.Shards));

    /// <summary>Whether a worker computed some of it.</summary>
    public bool IsPartlyOf(WorkerId worker) => Shares.Any(share => share.Worker == worker);
}
