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
public sealed class CoordinatorGate : ReceiveActor
{
    readonly CoordinatorGateSetting _setting;
    readonly GateLane _toWorker;
    readonly GateLane _toCoordinator;
    readonly OfferedSums _offered;
    readonly ILoggingAdapter _log = Context.GetLogger();

    IActorRef _worker = ActorRefs.Nobody;

    /// <summary>The gate at the coordinator's end that admitted the worker; null as long as none has.</summary>
    IActorRef? _peer;

    WorkerAdmitted? _admission;
    ParametersPublished? _latest;
    int _nextDoor;

    public CoordinatorGate(CoordinatorGateSetting setting)
    {
        _setting = setting;
        _toWorker = new GateLane(Self, message => _worker.Tell(message), LoseOrder);
        _toCoordinator = new GateLane(Self, Send, LoseAnswer);
        _offered = new OfferedSums(setting.Exchange);

        Receive<LaneMade>(made => made.Lane.Resume(made));
        Receive<Terminated>(_ => LosePeer());

        Receive<WorkerJoining>(Ask);
        Receive<WorkerLeaving>(Leave);
        Receive<ContributionComputed>(Offer);
        Receive<IEvaluationAnswer>(answer => _toCoordinator.Enter(answer));

        Receive<WorkerAdmitted>(Admit);
        Receive<IWorkerOrder>(_ => Hear(), _ => !IsFromPeer && _peer is not null); // Of another reign, which may know nothing of this one.
        Receive<TermAlive>(_ => Hear());
        Receive<ParametersOffered>(Take);
        Receive<ComputeShards>(Lease);
        Receive<EvaluationClosed>(Close);
        Receive<WorkerDismissed>(LetGo);
        Receive<WorkerRefused>(LetGo);
        Receive<RunEnded>(LetGo);
        Receive<IWorkerOrder>(Pass);
        Receive<MessageOffered>(Unwrap, _ => IsFromPeer);
        Receive<MessageOffered>(_ => { });
        Receive<BlockTaken>(taken => setting.Exchange.Taken(taken.Hash));
    }

    bool IsFromPeer => Sender.Equals(_peer);

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

    void Hear() => _setting.Observer.Happened(CoordinatorHeard.Instance);

    void Pass(IWorkerOrder order)
    {
        Hear();
        _toWorker.Enter(order);
    }

    /// <summary>New numbers make what waits for older ones pointless.</summary>
    void Take(ParametersOffered offered)
    {
        Hear();
        Discard(_toWorker.Remove(waiting => waiting is ParametersOffered or ComputeShards));
        _toWorker.Enter(offered, stop => MakeAsync(offered, stop), offered.Numbers is { } numbers ? BlockExchange.PatienceFor(numbers) : TimeSpan.FromSeconds(1));
    }

    void Lease(ComputeShards lease)
    {
        _offered.WithdrawBefore(lease.Evaluation);
        Pass(lease);
    }

    void Close(EvaluationClosed closed)
    {
        Hear();
        _toWorker.Remove(waiting => waiting is ComputeShards lease && lease.Evaluation.Number <= closed.Evaluation.Number);
        _toCoordinator.Remove(waiting => waiting is ContributionComputed computed && computed.Evaluation.Number <= closed.Evaluation.Number);
        _offered.WithdrawBefore(closed.Evaluation.Next);
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
        (_peer, _admission, _latest) = (null, null, null);
    }

    /// <summary>The same version sent again is not fetched again.</summary>
    async Task<IProtocolMessage> MakeAsync(ParametersOffered offered, CancellationToken stop)
    {
        if (_latest is { } latest && (latest.Run, latest.Term, latest.Version) == (offered.Run, offered.Term, offered.Version)) return latest;

        var shape = _setting.Shape() ?? throw new InvalidOperationException("the dataset is not open yet");
        var parameters = offered.Numbers is { } numbers
            ? await _setting.Exchange.TakeAsync(numbers, (length, fill, end) => ParametersBlock.ReadAsync(length, fill, shape, end), stop)
            : new Parameters(shape, new RemoteWeightSource(
                _admission!.Dataset!.Sources, offered.Run, offered.Term, offered.Version, shape, _setting.WeightsTimeout));
        return new ParametersPublished(offered.Run, offered.Term, offered.Version, parameters);
    }

    void Unwrap(MessageOffered offered)
    {
        Hear();
        _toWorker.Enter(offered, stop => _setting.Exchange.TakeAsync(offered, stop), BlockExchange.PatienceFor(offered.Bytes.Length));
    }

    void Offer(ContributionComputed computed) =>
        _toCoordinator.Enter(computed, _ => _setting.Encoder.Run(_ => Encode(computed)), _setting.EncodingTimeout);

    IProtocolMessage Encode(ContributionComputed computed)
    {
        var sums = computed.Contribution.Sums;
        var passing = _setting.Exchange.Offer(SumsBlock.Encode(sums));
        return new ContributionOffered(
            computed.Run, computed.Term, computed.Evaluation, computed.Worker, sums.Kind, computed.Contribution.Shards, passing);
    }

    void Send(IProtocolMessage message)
    {
        if (message is ContributionOffered offered) _offered.Add(offered);
        _peer?.Tell(_setting.Exchange.Fitting(message));
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
        Free(message);
    }

    void LoseAnswer(IProtocolMessage message, Exception cause) =>
        _log.Warning("{0} to the coordinator is lost: {1}", message.GetType().Name, cause.Message);
}
