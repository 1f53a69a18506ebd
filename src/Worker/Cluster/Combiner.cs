using System.Collections.Immutable;
using Akka.Actor;
using DistTrain.Node.Cluster;
using DistTrain.Protocol;
using DistTrain.Protocol.Blocks;
using DistTrain.Training;

namespace DistTrain.Worker.Cluster;

/// <summary>
/// Adds what the workers of a group answer to what its own worker does, and has it sent as one. Nobody is waited for long: what comes later
/// is sent after it. Belongs to the gate of the combining worker, which calls it from its mailbox alone.
/// </summary>
/// <remarks>
/// The sum is touched by the encoder's thread alone, in the order in which the lane has things made. A member hears that its block was taken
/// when the coordinator has taken the sum: until then it might have to answer itself.
/// </remarks>
/// <param name="self">The gate, which hands back each <see cref="LaneMade"/>.</param>
/// <param name="send">Sends an answer to the coordinator; its block is the gate's to let go.</param>
/// <param name="lose">Told of what could not be added or sent, and why.</param>
/// <param name="elapsed">Since the lease.</param>
/// <param name="wait">Has <see cref="EndWaiting"/> called after that time.</param>
sealed class Combiner(
    IActorRef self, CoordinatorGateSetting setting, Action<ContributionOffered> send, Action<IProtocolMessage, Exception> lose,
    Func<TimeSpan> elapsed, Action<TimeSpan> wait)
{
    static readonly TimeSpan PatienceMin = TimeSpan.FromMilliseconds(100);
    static readonly TimeSpan PatienceMax = TimeSpan.FromSeconds(2);

    /// <summary>What part of the time that the own part took the others are waited for.</summary>
    const int PatienceDivisor = 4;

    /// <summary>Blocks of members: those in the sum under way, and for the block of each sum that was sent those in it.</summary>
    readonly List<MemberBlock> _gathered = [];
    readonly Dictionary<string, ImmutableArray<MemberBlock>> _sent = [];

    readonly HashSet<WorkerId> _heard = [];
    GateLane? _lane;
    CombinedAnswer? _sum;
    bool _isSending;

    /// <summary>For how many workers it adds up, its own among them; 0 where it does not.</summary>
    public int MemberCount { get; set; }

    /// <summary>Its own worker, in whose name the sums are sent.</summary>
    public WorkerId Worker { get; set; }

    GateLane Lane => _lane ??= new GateLane(self, Deliver, Lose);

    /// <summary>Adds what its own worker has computed.</summary>
    public void Add(ContributionComputed own) =>
        Lane.Enter(own, stop => setting.Encoder.Run<IProtocolMessage>(_ => AddToSum(own, stop)), setting.EncodingTimeout);

    /// <summary>Fetches what a member has computed, and adds it.</summary>
    /// <param name="member">The member's gate.</param>
    public void Add(ContributionOffered offered, IActorRef member) =>
        Lane.Enter(new MemberAnswer(offered, member), stop => FetchAsync(offered, stop), BlockExchange.PatienceFor(offered.Sums));

    /// <summary>Sends what there is. Members whose sums are still to come answer for themselves.</summary>
    public void EndWaiting()
    {
        if (_isSending || _heard.Count == 0) return;
        Lane.Remove(waiting => waiting is MemberAnswer);
        Send();
    }

    void Send()
    {
        if (_isSending) return;
        _isSending = true;
        var worker = Worker;
        Lane.Enter(SumWanted.Instance, _ => setting.Encoder.Run<IProtocolMessage>(_ => TakeSum(worker)), setting.EncodingTimeout);
    }

    /// <summary>The coordinator has taken a block: the members whose sums are in it need not keep theirs.</summary>
    public void Taken(string hash)
    {
        if (!_sent.Remove(hash, out var members)) return;
        foreach (var (memberHash, member) in members) member.Tell(new BlockTaken(memberHash));
    }

    /// <summary>Nobody waits for any of it any more.</summary>
    public void Clear()
    {
        _lane?.Clear();
        _gathered.Clear();
        _sent.Clear();
        _heard.Clear();
        _isSending = false;
        _ = setting.Encoder.Run(_ => _sum = null);
    }

    /// <summary>The first that is there begins the wait for the others.</summary>
    void Await()
    {
        var patience = elapsed() / PatienceDivisor;
        wait(patience < PatienceMin ? PatienceMin : patience > PatienceMax ? PatienceMax : patience);
    }

    async Task<IProtocolMessage> FetchAsync(ContributionOffered offered, CancellationToken stop)
    {
        var shape = setting.Shape() ?? throw new InvalidOperationException("the dataset is not open yet");
        var sums = await setting.Exchange.TakeAsync(
            offered.Sums, (length, fill, end) => SumsBlock.ReadAsync(length, fill, shape, offered.Kind, end), stop);
        var answer = new ContributionComputed(
            offered.Run, offered.Term, offered.Evaluation, offered.Worker, new Contribution(offered.Shards, sums));
        return await setting.Encoder.Run(_ => AddToSum(answer, stop));
    }

    /// <summary>On the encoder's thread. A sum of an earlier evaluation, which nobody wants any more, gives way.</summary>
    ContributionComputed AddToSum(ContributionComputed answer, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        if (_sum is null || _sum.Evaluation.Number < answer.Evaluation.Number) _sum = new CombinedAnswer(answer);
        else if (!_sum.TryAdd(answer)) throw new InvalidOperationException("its shards are in the sum already, or belong to another one");
        return answer;
    }

    /// <summary>On the encoder's thread.</summary>
    ContributionOffered TakeSum(WorkerId worker)
    {
        var sum = (_sum ?? throw new InvalidOperationException("there is no sum")).ToAnswer(worker);
        _sum = null;
        var (shards, sums) = sum.Contribution;
        var passing = setting.Exchange.Offer(SumsBlock.Encode(sums));
        return new ContributionOffered(sum.Run, sum.Term, sum.Evaluation, sum.Worker, sums.Kind, shards, passing) { Parts = sum.Parts };
    }

    void Deliver(IProtocolMessage entered, IProtocolMessage made)
    {
        if (made is ContributionOffered sum)
        {
            Note(sum);
            send(sum);
            return;
        }
        if (entered is MemberAnswer { Offered.Sums.Ticket: { } ticket } answer) _gathered.Add(new MemberBlock(ticket.Hash, answer.Member));
        if (_heard.Count == 0) Await();
        _heard.Add(((ContributionComputed)made).Worker);
        if (_heard.Count >= MemberCount) Send();
    }

    void Note(ContributionOffered sum)
    {
        if (sum.Sums.Ticket is { } ticket) _sent[ticket.Hash] = [.. _gathered];
        else foreach (var (hash, member) in _gathered) member.Tell(new BlockTaken(hash));
        EndSending();
    }

    void EndSending()
    {
        _gathered.Clear();
        _heard.Clear();
        _isSending = false;
    }

    void Lose(IProtocolMessage message, Exception cause)
    {
        if (message is SumWanted) EndSending();
        else lose(message is MemberAnswer answer ? answer.Offered : message, cause);
    }

    readonly record struct MemberBlock(string Hash, IActorRef Member);

    /// <summary>In the lane: what a member offered.</summary>
    sealed record MemberAnswer(ContributionOffered Offered, IActorRef Member) : IProtocolMessage;

    /// <summary>In the lane: the sum of all that is before it.</summary>
    sealed record SumWanted : IProtocolMessage
    {
        public static SumWanted Instance { get; } = new();
    }
}
