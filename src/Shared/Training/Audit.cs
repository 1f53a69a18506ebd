using System.Collections.Immutable;
using DistTrain.Data.Storage;
using DistTrain.Learning;
using DistTrain.Numerics;
using DistTrain.Protocol;
using DistTrain.Protocol.Blocks;

namespace DistTrain.Training;

/// <summary>
/// The shards of one evaluation that are computed more than once, and what came of them. Two answers of different workers that are equal
/// bit for bit settle a shard; where they differ, a third worker's decides, and where that is no help either, or there are too few
/// workers, the coordinator's own.
/// </summary>
public sealed record Audit
{
    /// <summary>Workers that are asked for each shard: two, and one more where they differ.</summary>
    const int WorkersAsked = 2;

    public static Audit None { get; } = new();

    /// <summary>Each is to be answered by itself.</summary>
    public ShardSet Shards { get; private init; } = ShardSet.Empty;

    /// <summary>Those without a verdict.</summary>
    public ShardSet Open { get; private init; } = ShardSet.Empty;

    /// <summary>Answers to the open ones, in the order of arrival.</summary>
    ImmutableDictionary<ShardId, ImmutableArray<AuditAnswer>> Answers { get; init; } =
        ImmutableDictionary<ShardId, ImmutableArray<AuditAnswer>>.Empty;

    /// <summary>A share of shards, drawn anew for every evaluation.</summary>
    /// <param name="share">Chance of each shard to be taken, in [0, 1].</param>
    public static ShardSet Draw(ShardSet shards, double share, ulong seed, EvaluationId evaluation)
    {
        if (share <= 0) return ShardSet.Empty;
        if (share >= 1) return shards;
        var random = new CounterRandom(seed, (ulong)evaluation.Number);
        return ShardSet.Of(shards.Where(_ => random.NextDouble() < share));
    }

    /// <summary>The audit of these shards too.</summary>
    public Audit With(ShardSet shards) => this with { Shards = Shards.Union(shards), Open = Open.Union(shards.Except(Shards)) };

    public bool HasAnswerOf(WorkerId? worker, ShardId shard) => AnswersTo(shard).Any(answer => answer.Worker == worker);

    /// <summary>An answer to an open shard; <paramref name="worker"/> null: the coordinator's own.</summary>
    public Audit Add(ShardId shard, WorkerId? worker, EvaluationSums sums) =>
        this with { Answers = Answers.SetItem(shard, AnswersTo(shard).Add(new AuditAnswer(worker, sums))) };

    /// <summary>What <paramref name="worker"/> said of open shards is not believed.</summary>
    public Audit Without(WorkerId worker) => this with
    {
        Answers = Answers.ToImmutableDictionary(
            entry => entry.Key, entry => entry.Value.RemoveAll(answer => answer.Worker == worker)),
    };

    /// <summary>The shard has its verdict.</summary>
    public Audit Close(ShardId shard) => this with { Open = Open.Except(ShardSet.Of(shard)), Answers = Answers.Remove(shard) };

    /// <summary>Open shards that the coordinator has computed.</summary>
    public IEnumerable<ShardId> Referred => Open.Where(shard => HasAnswerOf(null, shard));

    /// <summary>How many workers have to answer, or to be about to, until more is known; 0 where they cannot settle it.</summary>
    public int WorkersWanted(ShardId shard)
    {
        var count = AnswersTo(shard).Length;
        return HasAnswerOf(null, shard) ? 1 : count < WorkersAsked ? WorkersAsked : count == WorkersAsked ? WorkersAsked + 1 : 0;
    }

    /// <summary>What is true of an open shard, and who said something else; null while that is not known.</summary>
    /// <param name="isAwaited">Somebody is still about to answer it: then the coordinator's answer alone is not enough.</param>
    public AuditVerdict? VerdictOn(ShardId shard, bool isAwaited)
    {
        var answers = AnswersTo(shard);
        var reference = answers.FirstOrDefault(answer => answer.Worker is null);
        if (reference is not null && answers.Length == 1 && isAwaited) return null;
        var truth = reference ?? answers.FirstOrDefault(answer => answers.Any(other => other != answer && AreSame(other, answer)));
        if (truth is null) return null;
        var faulty = answers.Where(answer => answer.Worker is not null && !AreSame(answer, truth)).Select(answer => answer.Worker!.Value);
        return new AuditVerdict(truth, [.. faulty]);
    }

    public int AnswerCount(ShardId shard) => AnswersTo(shard).Length;

    ImmutableArray<AuditAnswer> AnswersTo(ShardId shard) => Answers.GetValueOrDefault(shard, []);

    /// <summary>Sums that mean nothing are the same, whatever is in them.</summary>
    static bool AreSame(AuditAnswer a, AuditAnswer b) =>
        a.Sums.NonFinite || b.Sums.NonFinite ? a.Sums.NonFinite && b.Sums.NonFinite : SumsBlock.AreEqual(a.Sums, b.Sums);
}

/// <summary>What was said of one shard.</summary>
/// <param name="Worker">By whom; null: the coordinator.</param>
public sealed record AuditAnswer(WorkerId? Worker, EvaluationSums Sums);

/// <summary>The end of an audit of one shard.</summary>
/// <param name="Faulty">Workers that said something else.</param>
public sealed record AuditVerdict(AuditAnswer Truth, ImmutableArray<WorkerId> Faulty);
