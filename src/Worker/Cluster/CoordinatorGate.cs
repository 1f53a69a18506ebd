using Akka.Actor;
using Akka.Event;
using DistTrain.Learning;
using DistTrain.Membership;
using DistTrain.Node.Blocks;
using DistTrain.Node.Cluster;
using DistTrain.Protocol;
using DistTrain.Protocol.Blocks;

namespace DistTrain.Worker.Cluster;

/// <summary>
/// Stands for the coordinator in a worker's process: to the worker it is the coordinator, to the coordinator's side it is the worker. Asks
/// one coordinator candidate after the other to let the worker in, passes messages on in their order, and numbers by ticket.
/// </summary>
/// <remarks>
/// A message whose numbers cannot be fetched in time is lost, as any message may be: the worker asks for parameters that never came, and
/// leases have deadlines.
/// </remarks>
public sealed class CoordinatorGate : ReceiveActor, IWithTimers
{
    readonly CoordinatorGateSetting _setting;
    readonly GateLane _toWorker;
    readonly GateLane _toCoordinator;
    readonly OfferedSums _offered;
    readonly SharedParameters _shared;
    readonly Lazy<Combining> _combining;
    readonly ILoggingAdapter _log = Context.GetLogger();

    IActorRef _worker = ActorRefs.Nobody;

    /// <summary>The gate at the coordinator's end that admitted the worker; null as long as none has.</summary>
    IActorRef? _peer;

    WorkerAdmitted? _admission;
    ParametersPublished? _latest;

    /// <summary>Parameters that are on their way.</summary>
    ParametersOffered? _coming;

    int _nextDoor;

    public CoordinatorGate(CoordinatorGateSetting setting)
    {
        _setting = setting;
        _toWorker = new GateLane(Self, Deliver, LoseOrder);
        _toCoordinator = new GateLane(Self, Send, LoseAnswer);
        _offered = new OfferedSums(setting.Exchange);
        _shared = new SharedParameters(setting.Exchange, setting.Encoder);
        _combining = new Lazy<Combining>(() => new Combining(Self, setting, Timers, Tell, SendSum, LoseAnswer));

        Receive<LaneMade>(made => made.Lane.Resume(made));
        Receive<Terminated>(_ => LosePeer());

        Receive<WorkerJoining>(Ask);
        Receive<WorkerLeaving>(Leave);
        Receive<ContributionComputed>(Offer);
        Receive<ContributionOffered>(Gather);
        Receive<CombiningTimer>(timer => _combining.Value.Remember(timer));
        Receive<IEvaluationAnswer>(answer => _toCoordinator.Enter(answer));

        Receive<WorkerAdmitted>(Admit);
        Receive<TermAlive>(_ => Hear(), IsOfInterest);
        Receive<WorkerRefused>(LetGo, IsOfInterest);
        Receive<RunEnded>(LetGo, IsOfInterest);
        Receive<MessageOffered>(UnwrapAdmission, _ => _peer is null);
        Receive<AdmissionLost>(lost => _log.Warning("An admission is lost: {0}", lost.Reason));
        Receive<BlockTaken>(Note);
        Receive<IProtocolMessage>(_ => { }, _ => !IsFromPeer); // Of another reign, or of one that has let the worker go.
        Receive<WorkerDismissed>(LetGo);
        Receive<ParametersOffered>(Take);
        Receive<ComputeShards>(Lease);
        Receive<EvaluationClosed>(Close);
        Receive<MessageOffered>(Unwrap);
        Receive<CombiningAssigned>(Assign);
        Receive<IWorkerOrder>(Pass);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    bool IsFromPeer => Sender.Equals(_peer);

    /// <summary>Whoever conducts a run may refuse a worker, tell it the end, or only that it is there, also before it has admitted it.</summary>
    bool IsOfInterest(IWorkerOrder order) => _peer is null || IsFromPeer;

    protected override void PostStop() => Forget();

    /// <summary>The worker asks to be let in, or says again that it is there.</summary>
    void Ask(WorkerJoining joining)
    {
        _worker = Sender;
        if (_peer is not null)
        {
            _peer.Tell(joining);
            return;
        }
        _setting.Doors[_nextDoor].Tell(joining, Self);
        _nextDoor = (_nextDoor + 1) % _setting.Doors.Length;
    }

    void Leave(WorkerLeaving leaving)
    {
        _peer?.Tell(leaving);
        Forget();
    }

    void Admit(WorkerAdmitted admitted)
    {
        if (admitted.Term.Number < _admission?.Term.Number) return;
        Hear();
        if (!IsFromPeer)
        {
            Forget();
            _peer = Sender;
            Context.Watch(_peer);
        }
        _admission = admitted;
        _toWorker.Enter(admitted);
    }

    void Deliver(IProtocolMessage entered, IProtocolMessage made)
    {
        if (made is ParametersPublished published) _latest = published;
        _worker.Tell(made);
        EndComing(entered);
        Free(entered);
    }

    void EndComing(IProtocolMessage entered)
    {
        if (ReferenceEquals(entered, _coming)) _coming = null;
    }

    void Hear() => _setting.Observer.Happened(CoordinatorHeard.Instance);

    void Pass(IWorkerOrder order)
    {
        Hear();
        _toWorker.Enter(order);
    }

    /// <summary>
    /// New numbers make what waits for older ones pointless. Before a dataset is open none can be read: they are sent again when it is.
    /// </summary>
    void Take(ParametersOffered offered)
    {
        Hear();
        if (_setting.Shape() is not { } shape || IsSame(offered, _coming?.Run, _coming?.Term, _coming?.Version))
        {
            Free(offered);
            return;
        }
        _coming = offered;
        Discard(_toWorker.Remove(waiting => waiting is ParametersOffered or ComputeShards));
        _toWorker.Enter(offered, stop => MakeAsync(offered, shape, stop), BlockExchange.PatienceFor(offered.Numbers ?? default));
    }

    void Lease(ComputeShards lease)
    {
        _offered.WithdrawBefore(lease.Evaluation);
        _combining.Value.Note(lease);
        Pass(lease);
    }

    /// <summary>There are many workers: some answer through others. An address that is none leaves the worker to answer itself.</summary>
    void Assign(CombiningAssigned assigned)
    {
        var isKnown = assigned.Combiner is { } path && ActorPath.TryParse(path, out _);
        var combiner = isKnown ? ((ExtendedActorSystem)Context.System).Provider.ResolveActorRef(assigned.Combiner) : null;
        _combining.Value.Assign(assigned, combiner, _admission!.Worker);
        if (isKnown) _log.Info("Large answers go through {0}", assigned.Combiner);
        else if (assigned.MemberCount > 0) _log.Info("Adding up the large answers of {0} workers", assigned.MemberCount);
    }

    /// <summary>Another worker answers through this one.</summary>
    void Gather(ContributionOffered offered)
    {
        if (offered.Run == _admission?.Run && offered.Term == _admission.Term) _combining.Value.Add(offered, Sender);
    }

    /// <summary>Somebody has taken a block, or wants it no more.</summary>
    void Note(BlockTaken taken)
    {
        _setting.Exchange.Taken(taken.Hash);
        _combining.Value.Taken(taken.Hash);
    }

    void Close(EvaluationClosed closed)
    {
        Hear();
        _toWorker.Remove(waiting => waiting is ComputeShards lease && lease.Evaluation.Number <= closed.Evaluation.Number);
        _toCoordinator.Remove(waiting => waiting is ContributionComputed computed && computed.Evaluation.Number <= closed.Evaluation.Number);
        _offered.WithdrawBefore(closed.Evaluation.Next);
        _combining.Value.Close(closed.Evaluation);
        _toWorker.Overtake(closed);
    }

    /// <summary>The worker no longer belongs to the run.</summary>
    void LetGo(IWorkerOrder last)
    {
        Hear();
        Forget();
        _toWorker.Overtake(last);
    }

    /// <summary>The coordinator's side has ended, and the next one knows nothing of this worker.</summary>
    void LosePeer()
    {
        if (_admission is not { } admission) return;
        Forget();
        _toWorker.Overtake(new WorkerDismissed(admission.Run, admission.Term, admission.Worker, "the coordinator's side of it has ended"));
    }

    void Forget()
    {
        if (_peer is not null) Context.Unwatch(_peer);
        Discard(_toWorker.Clear());
        _toCoordinator.Clear();
        _offered.WithdrawAll();
        _shared.Clear();
        _combining.Value.End();
        (_peer, _admission, _latest, _coming) = (null, null, null, null);
    }

    /// <summary>The same version sent again is not fetched again.</summary>
    Task<IProtocolMessage> MakeAsync(ParametersOffered offered, ModelShape shape, CancellationToken stop)
    {
        if (IsSame(offered, _latest?.Run, _latest?.Term, _latest?.Version)) return Task.FromResult<IProtocolMessage>(_latest!);
        return offered.Numbers is { } numbers
            ? FetchAsync(offered, numbers, shape, stop)
            : Task.FromResult<IProtocolMessage>(Published(offered, new Parameters(shape, WeightsOf(offered, shape))));
    }

    async Task<IProtocolMessage> FetchAsync(ParametersOffered offered, BlockPassing numbers, ModelShape shape, CancellationToken stop)
    {
        var parameters = await _setting.Exchange.TakeAsync(
            numbers, (length, fill, end) => ParametersBlock.ReadAsync(length, fill, shape, end), stop);
        return Published(offered, offered.IsShared ? await _shared.KeepAsync(parameters) : parameters);
    }

    static bool IsSame(ParametersOffered offered, RunId? run, Term? term, long? version) =>
        offered.Run == run && offered.Term == term && offered.Version == version;

    static ParametersPublished Published(ParametersOffered offered, Parameters parameters) =>
        new(offered.Run, offered.Term, offered.Version, parameters);

    /// <summary>Read when the rows of a batch are known, by the threads that compute.</summary>
    RemoteWeightSource WeightsOf(ParametersOffered offered, ModelShape shape) => new(
        _admission!.Dataset?.Sources ?? [], offered.Run, offered.Term, offered.Version, shape, _setting.WeightsTimeout);

    void Unwrap(MessageOffered offered)
    {
        Hear();
        _toWorker.Enter(offered, stop => _setting.Exchange.TakeAsync(offered, stop), BlockExchange.PatienceFor(offered.Bytes.Length));
    }

    /// <summary>An admission that is too large for a message comes from one who is not the peer yet: it is as if it had come by itself.</summary>
    void UnwrapAdmission(MessageOffered offered)
    {
        Hear();
        _setting.Exchange.TakeAsync(offered, CancellationToken.None).PipeTo(
            Self, Sender, failure: cause => new AdmissionLost(cause.Message));
    }

    void Offer(ContributionComputed computed)
    {
        if (_combining.Value.TryAdd(computed)) return;
        _toCoordinator.Enter(computed, stop => _setting.Encoder.Run<IProtocolMessage>(_ => Encode(computed, stop)), _setting.EncodingTimeout);
    }

    ContributionOffered Encode(ContributionComputed computed, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        var (shards, sums) = computed.Contribution;
        var passing = _setting.Exchange.Offer(SumsBlock.Encode(sums));
        if (stop.IsCancellationRequested) _setting.Exchange.Withdraw(passing); // Nobody would be told of it.
        return new ContributionOffered(computed.Run, computed.Term, computed.Evaluation, computed.Worker, sums.Kind, shards, passing);
    }

    void Send(IProtocolMessage entered, IProtocolMessage made)
    {
        if (made is ContributionOffered offered)
        {
            _offered.Add(offered);
            if (_combining.Value.TryTell(offered)) return;
        }
        Tell(made);
    }

    void Tell(IProtocolMessage message) => _peer?.Tell(_setting.Exchange.Fitting(message));

    void SendSum(ContributionOffered sum)
    {
        _offered.Add(sum);
        Tell(sum);
    }

    /// <summary>Tells those who offered blocks that nobody here will fetch them.</summary>
    void Discard(IReadOnlyList<IProtocolMessage> unwanted)
    {
        foreach (var message in unwanted) Free(message);
    }

    void Free(IProtocolMessage message)
    {
        var hash = message switch
        {
            ParametersOffered { Numbers.Ticket: { } ticket } => ticket.Hash,
            MessageOffered wrapped => wrapped.Bytes.Hash,
            _ => null,
        };
        if (hash is not null) _peer?.Tell(new BlockTaken(hash));
    }

    void LoseOrder(IProtocolMessage message, Exception cause)
    {
        _log.Warning("{0} of the coordinator is lost: {1}", message.GetType().Name, cause.Message);
        EndComing(message);
        Free(message);
    }

    void LoseAnswer(IProtocolMessage message, Exception cause) =>
        _log.Warning("{0} to the coordinator is lost: {1}", message.GetType().Name, cause.Message);

    /// <summary>To self: it will be said again when the worker asks again.</summary>
    sealed record AdmissionLost(string Reason) : INoSerializationVerificationNeeded;
}
