using Akka.Actor;
using Akka.Event;
using DistTrain.Node.Cluster;
using DistTrain.Protocol;
using DistTrain.Protocol.Blocks;
using DistTrain.Training;

namespace DistTrain.Coordinator.Cluster;

/// <summary>
/// Stands for one worker of another process: to the run's actor it is the worker, to the worker's side it is the coordinator. Passes
/// messages on in their order, numbers by ticket, and tells the worker each second that the reign goes on. Ends with the worker.
/// </summary>
/// <remarks>
/// A message whose numbers cannot be fetched in time is lost, as any message may be: leases have deadlines, and parameters that are missing
/// are asked for.
/// </remarks>
sealed class WorkerGate : ReceiveActor, IWithTimers
{
    readonly IActorRef _training;
    readonly IActorRef _worker;
    readonly GateSetting _setting;
    readonly GateLane _toWorker;
    readonly GateLane _toTraining;
    readonly ILoggingAdapter _log = Context.GetLogger();

    /// <summary>The latest one that the worker has a lease of.</summary>
    EvaluationId _evaluation;

    /// <summary>Who it is; null as long as it has not said so.</summary>
    WorkerId? _id;

    /// <summary>Where the worker gives blocks to others; null where it does not.</summary>
    string? _blockAddress;

    /// <param name="training">The run's actor.</param>
    /// <param name="worker">The gate at the worker's end.</param>
    public WorkerGate(IActorRef training, IActorRef worker, GateSetting setting)
    {
        (_training, _worker, _setting) = (training, worker, setting);
        _toWorker = new GateLane(Self, (_, made) => Send(made), Lose);
        _toTraining = new GateLane(Self, Hear, Lose);

        Receive<LaneMade>(made => made.Lane.Resume(made));
        Receive<Beat>(_ => _worker.Tell(new TermAlive(setting.Run, setting.Term)));

        Receive<ParametersPublished>(Publish);
        Receive<ComputeShards>(Lease);
        Receive<EvaluationClosed>(Close);
        Receive<WorkerAdmitted>(Admit);
        Receive<WorkerRefused>(LetGo);
        Receive<WorkerDismissed>(LetGo);
        Receive<RunEnded>(HoldBack);
        Receive<WorkersMayGo>(may => EndBeats(may.Ended));
        Receive<IWorkerOrder>(order => _toWorker.Enter(order));

        Receive<WorkerJoining>(Join);
        Receive<WorkerLeaving>(Leave);
        Receive<ContributionOffered>(Collect);
        Receive<MessageOffered>(Unwrap);
        Receive<BlockTaken>(Note);
        Receive<IEvaluationAnswer>(answer => _toTraining.Enter(answer));
        Receive<Terminated>(_ => Context.Stop(Self));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        Context.Watch(_worker);
        _setting.Peers.Enter(Self);
        Self.Tell(Beat.Instance);
        Timers.StartPeriodicTimer(Beat.Instance, Beat.Instance, _setting.TermBeat);
    }

    protected override void PostStop()
    {
        _toWorker.Clear();
        _toTraining.Clear();
        _setting.Peers.Leave(Self, _blockAddress);
        SayGoodbye();
    }

    /// <summary>
    /// Whoever lives at the other end joins again at once. It may: what tells this gate that a node is gone goes by the address, and a worker
    /// that was killed may have been started again at the same one.
    /// </summary>
    void SayGoodbye()
    {
        if (_id is { } id) _worker.Tell(new WorkerDismissed(_setting.Run, _setting.Term, id, "the coordinator's side of it has ended"));
    }

    void Join(WorkerJoining joining)
    {
        (_id, _blockAddress) = (joining.Worker, joining.BlockAddress);
        _training.Tell(joining);
    }

    void Admit(WorkerAdmitted admitted)
    {
        Send(admitted);
        Context.Parent.Tell(new WorkerServed(admitted.Worker, _worker));
    }

    /// <summary>The worker has a block; where it is to give it to others, it does so now.</summary>
    void Note(BlockTaken taken)
    {
        _setting.Exchange.Taken(taken.Hash);
        if (_blockAddress is { } address) _setting.Peers.Has(taken.Hash, address);
    }

    /// <summary>New numbers make what waits for older ones pointless.</summary>
    void Publish(ParametersPublished published)
    {
        _toWorker.Remove(waiting => waiting is ParametersPublished or ComputeShards);
        _toWorker.Enter(published, stop => OfferAsync(published, stop), GateSetting.EncodingPatience);
    }

    async Task<IProtocolMessage> OfferAsync(ParametersPublished published, CancellationToken stop) =>
        await _setting.Peers.ShareAsync(await _setting.Shelf.OfferAsync(published), _blockAddress, stop);

    void Lease(ComputeShards lease)
    {
        _evaluation = lease.Evaluation;
        _toWorker.Enter(lease);
    }

    void Close(EvaluationClosed closed)
    {
        _toWorker.Remove(waiting => waiting is ComputeShards lease && lease.Evaluation == closed.Evaluation);
        Decline(offer => offer.Evaluation.Number <= closed.Evaluation.Number);
        _toWorker.Overtake(closed);
    }

    /// <summary>The worker no longer belongs to the run: nothing more is said to it, or heard from it, until it joins again.</summary>
    void LetGo(IWorkerOrder last)
    {
        _toWorker.Clear();
        Decline(_ => true);
        Context.Parent.Tell(WorkerLetGo.Instance);
        _toWorker.Overtake(last);
    }

    /// <summary>A worker that hears this ends; it is not told before nobody can need it any more.</summary>
    void HoldBack(RunEnded ended) => _setting.WorkersMayGo.PipeTo(Self, success: () => new WorkersMayGo(ended));

    void EndBeats(RunEnded ended)
    {
        Timers.Cancel(Beat.Instance);
        LetGo(ended);
    }

    void Leave(WorkerLeaving leaving)
    {
        Decline(_ => true);
        _training.Tell(leaving);
    }

    void Collect(ContributionOffered offered)
    {
        if (offered.Run == _setting.Run && offered.Term == _setting.Term && offered.Evaluation.Number >= _evaluation.Number)
            _toTraining.Enter(offered, stop => FetchAsync(offered, stop), BlockExchange.PatienceFor(offered.Sums));
        else
            Free(offered); // The run would refuse it: it need not come.
    }

    async Task<IProtocolMessage> FetchAsync(ContributionOffered offered, CancellationToken stop)
    {
        var (exchange, shape) = (_setting.Exchange, _setting.Shape);
        var sums = await exchange.TakeAsync(
            offered.Sums, (length, fill, end) => SumsBlock.ReadAsync(length, fill, shape, offered.Kind, end), stop);
        return new ContributionComputed(
            offered.Run, offered.Term, offered.Evaluation, offered.Worker, new Contribution(offered.Shards, sums))
        {
            Parts = offered.Parts,
        };
    }

    void Unwrap(MessageOffered offered) => _toTraining.Enter(
        offered, stop => _setting.Exchange.TakeAsync(offered, stop), BlockExchange.PatienceFor(offered.Bytes.Length));

    /// <summary>Takes out contributions that nobody waits for any more.</summary>
    void Decline(Func<ContributionOffered, bool> isUnwanted)
    {
        foreach (var message in _toTraining.Remove(waiting => waiting is ContributionOffered offered && isUnwanted(offered))) Free(message);
    }

    void Hear(IProtocolMessage entered, IProtocolMessage made)
    {
        Free(entered);
        _training.Tell(made);
    }

    void Send(IProtocolMessage message) => _worker.Tell(_setting.Exchange.Fitting(message));

    void Lose(IProtocolMessage message, Exception cause)
    {
        _log.Warning("{0} between {1} and the run is lost: {2}", message.GetType().Name, _worker.Path.Address, cause.Message);
        Free(message);
    }

    /// <summary>Lets the worker know that what a message offers need not be kept for this node.</summary>
    void Free(IProtocolMessage message)
    {
        if (message is ContributionOffered { Sums.Ticket: { } sums }) _worker.Tell(new BlockTaken(sums.Hash));
        if (message is MessageOffered { Bytes: var bytes }) _worker.Tell(new BlockTaken(bytes.Hash));
    }

    /// <summary>Session to self: what was held back may be told.</summary>
    sealed record WorkersMayGo(RunEnded Ended) : INoSerializationVerificationNeeded;

    /// <summary>Timer to self: the worker is to hear that the reign goes on.</summary>
    sealed record Beat : INoSerializationVerificationNeeded
    {
        public static Beat Instance { get; } = new();
    }
}
