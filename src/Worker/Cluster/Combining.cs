using Akka.Actor;
using DistTrain.Protocol;
using DistTrain.Protocol.Blocks;
using DistTrain.Training;

namespace DistTrain.Worker.Cluster;

/// <summary>
/// A worker's part in adding up answers where there are many workers: it answers through another one, or adds up for others, or neither.
/// Belongs to the gate, which calls it from its mailbox alone.
/// </summary>
/// <remarks>
/// What is small, or is to be answered shard by shard, goes to the coordinator whatever is assigned. Whatever fails on the way of the others
/// ends with the member telling the coordinator itself; the ledger counts no shard twice.
/// </remarks>
/// <param name="self">The gate.</param>
/// <param name="timers">The gate's; what they bring goes to <see cref="Remember"/>.</param>
/// <param name="answer">Tells the coordinator of what a combiner should have told it.</param>
/// <param name="sendSum">Tells the coordinator of a sum, whose block then is the gate's to let go.</param>
/// <param name="lose">Told of what could not be added, and why.</param>
sealed class Combining(
    IActorRef self, CoordinatorGateSetting setting, ITimerScheduler timers, Action<ContributionOffered> answer,
    Action<ContributionOffered> sendSum, Action<IProtocolMessage, Exception> lose)
{
    static readonly TimeSpan MemberPatienceMin = TimeSpan.FromSeconds(2);
    static readonly TimeSpan MemberPatienceMax = TimeSpan.FromSeconds(10);

    readonly AwaitedAnswers _awaited = new(answer);
    Combiner? _ownCombiner;

    EvaluationId _evaluation;
    long _leasedAt;
    ShardSet _separate = ShardSet.Empty;

    Combiner CombinerOfGroup => _ownCombiner ??= new Combiner(
        self, setting, sendSum, lose, () => Elapsed, patience => timers.StartSingleTimer(SumDue.Instance, SumDue.Instance, patience));

    TimeSpan Elapsed => setting.Time.GetElapsedTime(_leasedAt);

    /// <summary>What the coordinator wants of this worker from now on.</summary>
    /// <param name="combiner">The actor that it answers through; null for none.</param>
    /// <param name="worker">Itself.</param>
    public void Assign(CombiningAssigned assigned, IActorRef? combiner, WorkerId worker)
    {
        _awaited.Combiner = combiner;
        (CombinerOfGroup.MemberCount, CombinerOfGroup.Worker) = (assigned.MemberCount, worker);
    }

    /// <summary>The worker is asked for shards.</summary>
    public void Note(ComputeShards lease)
    {
        Begin(lease.Evaluation);
        if (lease.Uncombined) _separate = _separate.Union(lease.Shards);
    }

    /// <summary>Takes what the own worker has computed into the sum of the group. False where the gate is to answer with it.</summary>
    public bool TryAdd(ContributionComputed computed)
    {
        var isOfGroup = CombinerOfGroup.MemberCount > 1 && computed.Evaluation == _evaluation
            && !computed.Contribution.Shards.Overlaps(_separate) && SumsBlock.LengthOf(computed.Contribution.Sums) > BlockPassing.InlineMax;
        if (isOfGroup) CombinerOfGroup.Add(computed);
        return isOfGroup;
    }

    /// <summary>
    /// Takes what a member of the group has computed into its sum, if this worker still adds up for others. The member may have its lease
    /// before this worker has.
    /// </summary>
    public void Add(ContributionOffered offered, IActorRef member)
    {
        Begin(offered.Evaluation);
        if (CombinerOfGroup.MemberCount > 1 && offered.Evaluation == _evaluation) CombinerOfGroup.Add(offered, member);
    }

    /// <summary>Tells the combiner of an answer whose block is ready. False where the coordinator is to be told.</summary>
    public bool TryTell(ContributionOffered offered)
    {
        if (_awaited.Combiner is null || offered.Sums.Ticket is not { } ticket || offered.Evaluation != _evaluation) return false;
        if (offered.Shards.Overlaps(_separate)) return false;
        _awaited.Tell(offered, self);
        var patience = MemberPatienceMin + Elapsed;
        timers.StartSingleTimer(ticket.Hash, new AnswerDue(ticket.Hash), patience < MemberPatienceMax ? patience : MemberPatienceMax);
        return true;
    }

    /// <summary>Somebody has taken a block.</summary>
    public void Taken(string hash)
    {
        _awaited.Taken(hash);
        CombinerOfGroup.Taken(hash);
    }

    /// <summary>A timer of this.</summary>
    public void Remember(CombiningTimer timer)
    {
        if (timer is AnswerDue due) _awaited.GiveUp(due.Hash);
        else CombinerOfGroup.EndWaiting();
    }

    /// <summary>An evaluation is heard of: what is left of those before it is wanted no more.</summary>
    void Begin(EvaluationId evaluation)
    {
        if (evaluation.Number <= _evaluation.Number) return;
        (_evaluation, _leasedAt, _separate) = (evaluation, setting.Time.GetTimestamp(), ShardSet.Empty);
        _awaited.Clear();
        CombinerOfGroup.Clear();
    }

    /// <summary>Nobody waits for answers to an evaluation any more.</summary>
    public void Close(EvaluationId evaluation)
    {
        if (evaluation.Number < _evaluation.Number) return;
        _awaited.Clear();
        CombinerOfGroup.Clear();
    }

    /// <summary>The worker does not belong to the run any more.</summary>
    public void End()
    {
        _awaited.Clear();
        _awaited.Combiner = null;
        CombinerOfGroup.Clear();
        CombinerOfGroup.MemberCount = 0;
        _evaluation = default;
    }
}

/// <summary>Timer to the gate itself: <see cref="Combining.Remember"/>.</summary>
abstract record CombiningTimer : INoSerializationVerificationNeeded;

/// <summary>The sum of the group is sent with whatever is in it.</summary>
sealed record SumDue : CombiningTimer
{
    public static SumDue Instance { get; } = new();
}

/// <summary>A block should have been taken by now.</summary>
sealed record AnswerDue(string Hash) : CombiningTimer;
