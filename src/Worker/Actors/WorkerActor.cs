using Akka.Actor;
using Akka.Event;
using DistTrain.Learning;
using DistTrain.Membership;
using DistTrain.Node.Compute;
using DistTrain.Problems;
using DistTrain.Protocol;
using DistTrain.Training;
using DistTrain.Worker.Compute;

namespace DistTrain.Worker.Actors;

/// <summary>
/// A worker: joins the run, computes the shards it is leased on threads of its own, and answers. Between messages it holds nothing that
/// the result depends on, so it may stop, start again or be forgotten at any moment.
/// </summary>
public sealed class WorkerActor : UntypedActor, IWithTimers
{
    readonly WorkerSetting _setting;
    readonly ICanTell _coordinatorPath;
    readonly long _incarnation;
    readonly ILoggingAdapter _log = Context.GetLogger();

    /// <summary>Work that goes on, with the shards it has not answered yet.</summary>
    readonly Dictionary<LeaseWork, ShardSet> _owed = [];

    IActorRef? _coordinator;
    WorkerAdmitted? _admission;
    Action? _stopOpening;
    string? _fingerprintSaid;
    IShardComputer? _computer;
    ParametersPublished? _published;
    EvaluationId _evaluation;
    TimeSpan _joinDelay;
    bool _heardLately;

    /// <param name="coordinatorPath">Where the coordinator is asked; afterwards the one that answered is talked to.</param>
    public WorkerActor(WorkerSetting setting, ICanTell coordinatorPath)
    {
        (_setting, _coordinatorPath) = (setting, coordinatorPath);
        _incarnation = setting.Incarnations.Next();
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        _joinDelay = _setting.JoinDelayMin;
        AskToJoin();
    }

    protected override bool AroundReceive(Receive receive, object message)
    {
        _heardLately |= message is IWorkerOrder and not TermAlive; // That a reign goes on says nothing of this worker.
        return base.AroundReceive(receive, message);
    }

    protected override void PostStop()
    {
        _coordinator?.Tell(new WorkerLeaving(_setting.Id, _incarnation));
        StopOpening();
        CloseWorks();
    }

    protected override void OnReceive(object message) => Joining(message);

    void Joining(object message)
    {
        switch (message)
        {
            case JoinAgain: AskToJoin(); break;
            case WorkerAdmitted admitted: BeAdmitted(admitted); break;
            case WorkerRefused refused: BeRefused(refused); break;
            case RunEnded ended: EndRun(ended); break;
            case IWorkerOrder: break; // Of before: whoever sent it will see this worker join.
            default: Ignore(message); break;
        }
    }

    /// <summary>Admitted, while the dataset is being opened: what is sent meanwhile is sent again when this worker says that it has it.</summary>
    void Opening(object message)
    {
        switch (message)
        {
            case IWorkerOrder order when IsForeign(order): break;
            case WorkerDismissed dismissed: BeDismissed(dismissed); break;
            case WorkerRefused refused: BeRefused(refused); break;
            case RunEnded ended: EndRun(ended); break;
            case IWorkerOrder: break;
            case Opened opened when opened.Admission == _admission: Begin(opened.Computer, opened.Elapsed); break;
            case Unopened unopened when unopened.Admission == _admission: GiveUpOpening(unopened); break;
            case Terminated: JoinAnew(); break;
            default: Ignore(message); break;
        }
    }

    void Working(object message)
    {
        switch (message)
        {
            case IWorkerOrder order when IsForeign(order): break;
            case ParametersPublished published: _published = published; break;
            case ComputeShards lease: Take(lease); break;
            case ShardsRecalled recall: GiveBack(recall); break;
            case EvaluationClosed closed: Close(closed.Evaluation); break;
            case WorkerAdmitted: break;
            case WorkerDismissed dismissed: BeDismissed(dismissed); break;
            case WorkerRefused refused: BeRefused(refused); break;
            case RunEnded ended: EndRun(ended); break;
            case LeaseReport report: Answer(report); break;
            case LookAround: AskWhetherForgotten(); break;
            case Terminated: JoinAnew(); break;
            default: Ignore(message); break;
        }
    }

    void Resting(object message)
    {
        if (message is not IWorkerOrder) Ignore(message);
    }

    /// <summary>What comes late, of an earlier state, is no news.</summary>
    void Ignore(object message)
    {
        if (message is not (LeaseReport or Opened or Unopened or Terminated)) Unhandled(message);
    }

    /// <summary>Asks now, and again later, after a delay that doubles, until answered.</summary>
    void AskToJoin()
    {
        Introduce(_coordinatorPath);
        Timers.StartSingleTimer(JoinAgain.Instance, JoinAgain.Instance, _joinDelay);
        _joinDelay = Min(_joinDelay * 2, _setting.JoinDelayMax);
    }

    void Introduce(ICanTell coordinator)
    {
        var computers = _setting.Computers;
        _fingerprintSaid = computers.Fingerprint;
        coordinator.Tell(
            new WorkerJoining(_setting.Id, _incarnation, ProtocolVersion.Current, _setting.ArithmeticHash, _setting.Threads.Count)
            {
                DatasetFingerprint = _fingerprintSaid,
                Cached = computers.Cached,
                BlockAddress = _setting.BlockAddress,
            },
            Self);
    }

    void BeAdmitted(WorkerAdmitted admitted)
    {
        Timers.Cancel(JoinAgain.Instance);
        (_coordinator, _admission) = (Sender, admitted);
        Context.Watch(_coordinator);
        _setting.Observer?.Happened(new WorkerBelongs(admitted.Run, admitted.Term));
        Open(admitted);
    }

    void Open(WorkerAdmitted admission)
    {
        _stopOpening = RunOpening.Start(_setting, admission, Self, out var computer);
        if (computer is null) Become(Opening);
        else Begin(computer, TimeSpan.Zero);
    }

    /// <param name="elapsed">What the opening took.</param>
    void Begin(IShardComputer computer, TimeSpan elapsed)
    {
        StopOpening();
        _computer = computer;
        _heardLately = true;
        Timers.StartPeriodicTimer(LookAround.Instance, LookAround.Instance, _setting.SilenceMax);
        Become(Working);

        var fingerprint = _setting.Computers.Fingerprint;
        if (fingerprint == _fingerprintSaid) return;
        if (fingerprint is not null) _setting.Observer?.Happened(new DatasetOpened(fingerprint, elapsed));
        Introduce(_coordinator!);
    }

    void GiveUpOpening(Unopened unopened)
    {
        var cause = unopened.Cause;
        _coordinator.Tell(new WorkerLeaving(_setting.Id, _incarnation) { Reason = $"it cannot open the dataset: {cause.Message}" });
        if (KnownCauses.ProblemOf(cause) is { } problem)
        {
            Rest();
            _setting.Observer?.Happened(new DatasetFailed(problem));
            return;
        }
        _setting.Observer?.Happened(new DatasetDelayed(cause.Message));
        JoinAnew();
    }

    void BeRefused(WorkerRefused refused)
    {
        _log.Error("Refused by the coordinator: {0}", refused.Reason);
        Rest();
        _setting.Observer?.Happened(new WorkerTurnedDown(refused.Reason));
    }

    void BeDismissed(WorkerDismissed dismissed)
    {
        _log.Warning("Dismissed by the coordinator: {0}; joining again", dismissed.Reason);
        _setting.Observer?.Happened(new WorkerSentAway(dismissed.Reason));
        JoinAnew();
    }

    void EndRun(RunEnded ended)
    {
        Rest();
        _setting.Observer?.Happened(new RunOver(ended.Run));
    }

    void JoinAnew()
    {
        LeaveCoordinator();
        _joinDelay = _setting.JoinDelayMin;
        Become(Joining);
        AskToJoin();
    }

    void Rest()
    {
        LeaveCoordinator();
        Timers.CancelAll();
        Become(Resting);
    }

    void LeaveCoordinator()
    {
        Timers.Cancel(LookAround.Instance);
        if (_coordinator is not null) Context.Unwatch(_coordinator);
        (_coordinator, _admission, _computer, _published, _evaluation) = (null, null, null, null, default);
        StopOpening();
        CloseWorks();
    }

    /// <summary>Whether an order is of another run or reign than the one that this worker belongs to.</summary>
    bool IsForeign(IWorkerOrder order) => order.Run != _admission?.Run || order.Term != _admission.Term;

    /// <summary>Long silence without work: perhaps a message was lost, and the coordinator knows better.</summary>
    void AskWhetherForgotten()
    {
        if (!_heardLately && _owed.Count == 0) Introduce(_coordinator!);
        _heardLately = false;
    }

    void Take(ComputeShards lease)
    {
        if (lease.Evaluation.Number < _evaluation.Number) return;
        if (lease.Evaluation != _evaluation) CloseWorks();
        _evaluation = lease.Evaluation;

        if (_published?.Version != lease.Version)
        {
            _coordinator.Tell(new ParametersMissing(lease.Run, lease.Term, lease.Evaluation, _setting.Id, lease.Version));
            return;
        }

        // What is being computed already will be answered as first asked; that is no answer where one by one is asked for now.
        var shards = _owed.Where(work => work.Key.IsUncombined || !lease.Uncombined)
            .Aggregate(lease.Shards, (left, work) => left.Except(work.Value));
        if (!shards.IsEmpty) Start(lease with { Shards = shards }, _published.Parameters);
    }

    void Start(ComputeShards lease, Parameters parameters)
    {
        var self = Self;
        var work = new LeaseWork(
            _setting.Id, lease, parameters, _computer!, _setting.Time, report => self.Tell(report));
        _owed.Add(work, lease.Shards);
        work.Start(_setting.Threads);
    }

    void Answer(LeaseReport report)
    {
        if (!_owed.TryGetValue(report.Work, out var owed)) return;
        if (report.IsLast) _owed.Remove(report.Work);
        else _owed[report.Work] = owed.Except(report.Shards);
        if (report.Cause is { } cause) _log.Warning(cause, "Failed in {0}: {1}", _evaluation, report.Shards);
        if (report.Answer is { } answer) _coordinator.Tell(answer);
    }

    /// <summary>Somebody else is free: what has not been begun goes back, except what is to be answered one by one.</summary>
    void GiveBack(ShardsRecalled recall)
    {
        if (recall.Evaluation != _evaluation) return;
        var returned = ShardSet.Empty;
        foreach (var work in _owed.Keys.Where(work => !work.IsUncombined).ToArray())
        {
            var given = work.GiveBack(recall.Shards);
            _owed[work] = _owed[work].Except(given);
            returned = returned.Union(given);
        }
        if (!returned.IsEmpty)
            _coordinator.Tell(new ShardsReturned(recall.Run, recall.Term, recall.Evaluation, _setting.Id, returned));
    }

    void Close(EvaluationId evaluation)
    {
        if (evaluation == _evaluation) CloseWorks();
    }

    void CloseWorks()
    {
        foreach (var work in _owed.Keys) work.Close();
        _owed.Clear();
    }

    void StopOpening()
    {
        _stopOpening?.Invoke();
        _stopOpening = null;
    }

    static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;

    /// <summary>Timer to self: nobody has answered.</summary>
    sealed record JoinAgain
    {
        public static JoinAgain Instance { get; } = new();
    }

    /// <summary>Timer to self: has anything been heard since the last time?</summary>
    sealed record LookAround
    {
        public static LookAround Instance { get; } = new();
    }
}
