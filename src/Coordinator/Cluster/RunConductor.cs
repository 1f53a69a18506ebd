using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using DistTrain.Coordinator.Actors;
using DistTrain.Node;
using DistTrain.Node.Hosting;
using DistTrain.Problems;
using DistTrain.Protocol;
using DistTrain.Training;

namespace DistTrain.Coordinator.Cluster;

/// <summary>
/// The one coordinator of a cluster: takes the run up where it stands, has it trained by a child, and gives every worker that joins a gate.
/// What it holds is in the run's folder; when it dies, the next one takes a higher term and goes on.
/// </summary>
sealed class RunConductor : ReceiveActor
{
    readonly ConductorParts _parts;
    readonly ILoggingAdapter _log = Context.GetLogger();

    /// <summary>Those who joined before there was a run: the latest word of each.</summary>
    readonly Dictionary<IActorRef, WorkerJoining> _early = [];

    readonly Dictionary<IActorRef, IActorRef> _gates = [];
    readonly Dictionary<WorkerId, (long Incarnation, IActorRef Worker)> _latest = [];
    IActorRef _training = ActorRefs.Nobody;
    GateSetting? _setting;
    ParametersShelf? _shelf;
    CombiningGroups? _groups;

    public RunConductor(ConductorParts parts)
    {
        _parts = parts;
        Starting();
    }

    protected override void PreStart()
    {
        _parts.Presence.Set(Self);
        _parts.Preparing.Run(_ => _parts.Start()).PipeTo(
            Self, success: run => new Prepared(run), failure: cause => new PreparationFailed(cause));
    }

    /// <summary>A run that broke off cannot be taken up again here: <see cref="TrainingActor"/> has told why.</summary>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    protected override void PostStop()
    {
        _parts.Presence.Clear(Self);
        _shelf?.Clear();
    }

    void Starting()
    {
        Receive<Prepared>(prepared => Begin(prepared.Run));
        Receive<PreparationFailed>(failed => GiveUp(failed.Cause));
        Receive<WorkerJoining>(joining => _early[Sender] = joining);
        Receive<StopTraining>(stop =>
        {
            _parts.Outcome.Fail(stop.Why);
            Become(Idle);
        });
        Receive<HandOver>(_ => Context.Stop(Self));
    }

    void Conducting()
    {
        Receive<WorkerJoining>(joining => Admit(joining, Sender));
        Receive<WorkerServed>(served => _groups!.Enter(served.Worker, Sender, served.WorkerEnd));
        Receive<WorkerLetGo>(_ => _groups!.Leave(Sender));
        Receive<StopTraining>(_training.Forward);
        Receive<Terminated>(ended => Bury(ended.ActorRef));
        Receive<HandOver>(_ => Context.Stop(Self));
    }

    void SayingGoodbye(RunEnded ended)
    {
        Receive<WorkerJoining>(_ => Sender.Tell(ended));
        Idle();
    }

    void Idle()
    {
        Receive<HandOver>(_ => Context.Stop(Self));
        ReceiveAny(_ => { });
    }

    void Begin(ConductedRun? run)
    {
        if (run is null)
        {
            if (_parts.Presence.Ended is { } ended) TellEnd(ended);
            else Become(Idle);
            return;
        }
        var (job, options) = (run.Job, run.Options.Of(run.Job, NodeArithmetic.Hash));
        if (options.Problems().ToImmutableArray() is [var first, .. var others])
        {
            GiveUp(new DistTrainException(first) { Others = [.. others] });
            return;
        }
        _log.Info("Conducting run {0} in {1} from step {2}", job.Run, job.Term, job.FirstStep);
        _shelf = new ParametersShelf(_parts.Exchange, _parts.Encoder, _parts.Weights);
        var peers = new ParametersPeers(_parts.FanOut, _parts.Time);
        _setting = new GateSetting(job.Run, job.Term, options.Shape, _parts.Exchange, _shelf, peers, _parts.TermBeat)
        {
            WorkersMayGo = _parts.Presence.WorkersMayGo,
        };
        _groups = new CombiningGroups(job.Run, job.Term, _parts.FanOut);
        _training = Context.ActorOf(TrainingProps(run, options), "training");
        Context.Watch(_training);
        Become(Conducting);
        foreach (var (worker, joining) in _early) Admit(joining, worker);
        _early.Clear();
    }

    /// <summary>Whoever finished the run may have died before its workers knew. One that joins is of no reign: any term will do.</summary>
    void TellEnd(RunId run)
    {
        var ended = new RunEnded(run, Term.First);
        foreach (var worker in _early.Keys) worker.Tell(ended);
        _early.Clear();
        Become(() => SayingGoodbye(ended));
    }

    Props TrainingProps(ConductedRun conducted, TrainingRunOptions options)
    {
        var (run, parts) = (new TrainingRun(options, conducted.Job.First), _parts);
        var observers = parts.Observers.AddRange(conducted.Observers);
        var (checkpoints, computer) = (conducted.Job.CheckpointStore, conducted.Job.Computer);
        var outcome = new TrainingOutcome();
        // Stopped without having been told to end: so its node was, or another one is to conduct.
        parts.Outcome.Follow(outcome, problem => problem.Code == TrainingActor.BrokenOffCode ? MembershipWatch.Removed() : problem);
        return ActorProps.Of(() => new TrainingActor(run, parts.Trainer, checkpoints, computer, observers, outcome, parts.Time));
    }

    void GiveUp(Exception cause)
    {
        if (cause is not DistTrainException) _log.Error(cause, "The run could not be taken up");
        _parts.Outcome.Fail(KnownCauses.ProblemOf(cause) ?? Unexpected(cause), cause);
        Become(Idle);
    }

    /// <summary>The run hears of a worker by its gate alone: one for each life of a worker, whose older ones end.</summary>
    void Admit(WorkerJoining joining, IActorRef worker)
    {
        if (!_gates.TryGetValue(worker, out var gate))
        {
            var (training, setting) = (_training, _setting!);
            gate = Context.ActorOf(ActorProps.Of(() => new WorkerGate(training, worker, setting)));
            Context.Watch(gate);
            _gates.Add(worker, gate);
        }
        gate.Tell(joining, worker);

        if (_latest.TryGetValue(joining.Worker, out var before))
        {
            if (before.Incarnation > joining.Incarnation || before.Worker.Equals(worker)) return;
            if (_gates.TryGetValue(before.Worker, out var older)) Context.Stop(older);
        }
        _latest[joining.Worker] = (joining.Incarnation, worker);
    }

    void Bury(IActorRef actor)
    {
        if (actor.Equals(_training))
        {
            Context.Stop(Self);
            return;
        }
        _groups!.Leave(actor);
        foreach (var (worker, _) in _gates.Where(entry => entry.Value.Equals(actor)).ToArray()) Forget(worker);
    }

    void Forget(IActorRef worker)
    {
        _gates.Remove(worker);
        foreach (var (id, _) in _latest.Where(entry => entry.Value.Worker.Equals(worker)).ToArray()) _latest.Remove(id);
    }

    static Problem Unexpected(Exception cause) => new(
        "DT1001", ExitCode.OurMistake, $"the run could not be taken up: {cause.GetType().Name}: {cause.Message}",
        "fix: report this with the log");

    /// <summary>The cluster to the conductor: another node is to conduct. What is saved is enough for it.</summary>
    public sealed record HandOver : INoSerializationVerificationNeeded
    {
        public static HandOver Instance { get; } = new();
    }

    /// <summary>Preparing thread to self: the run, or null where there is none to conduct.</summary>
    sealed record Prepared(ConductedRun? Run) : INoSerializationVerificationNeeded;

    /// <summary>Preparing thread to self.</summary>
    sealed record PreparationFailed(Exception Cause) : INoSerializationVerificationNeeded;
}
