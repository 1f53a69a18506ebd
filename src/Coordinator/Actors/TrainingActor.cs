using System.Collections.Immutable;
using System.Diagnostics;
using Akka.Actor;
using Akka.Event;
using DistTrain.Learning;
using DistTrain.Node.Compute;
using DistTrain.Problems;
using DistTrain.Protocol;
using DistTrain.Training;

namespace DistTrain.Coordinator.Actors;

/// <summary>
/// The hands of a <see cref="TrainingRun"/>: turns messages into events and effects into messages, timers and work. Decides nothing.
/// </summary>
public sealed class TrainingActor : UntypedActor, IWithTimers
{
    /// <summary>Of the problem of a run whose actor was stopped from outside.</summary>
    public const string BrokenOffCode = "DT1304";

    /// <summary>Parameters whose optimiser holds some tens of megabytes.</summary>
    const int ManyParameters = 1 << 18;

    readonly ComputeThreads _compute;
    readonly ICheckpointStore? _checkpoints;
    readonly IShardComputer? _computer;
    readonly ImmutableArray<ITrainingObserver> _observers;
    readonly TrainingOutcome _outcome;
    readonly TimeProvider _time;
    readonly long _startedAt;
    readonly ILoggingAdapter _log = Context.GetLogger();
    readonly Dictionary<WorkerId, AdmittedWorker> _workers = [];
    readonly List<Recomputation> _recomputations = [];
    TrainingRun _run;

    /// <param name="compute">One thread that does the trainer's arithmetic; owned by the host.</param>
    /// <param name="checkpoints">Null where the run saves none.</param>
    /// <param name="computer">The arithmetic of workers, where <see cref="TrainingRunOptions.CanRecompute"/> says that there is one.</param>
    public TrainingActor(
        TrainingRun run, ComputeThreads compute, ICheckpointStore? checkpoints, IShardComputer? computer,
        ImmutableArray<ITrainingObserver> observers, TrainingOutcome outcome, TimeProvider time)
    {
        (_run, _compute, _checkpoints, _computer) = (run, compute, checkpoints, computer);
        (_observers, _outcome, _time) = (observers, outcome, time);
        _startedAt = time.GetTimestamp();
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case WorkerJoining joining: Apply(new WorkerJoined(Now, joining)); break;
            case WorkerLeaving leaving: Apply(new WorkerLost(Now, leaving.Worker, leaving.Incarnation, leaving.Reason ?? "it left")); break;
            case ContributionComputed answer: Apply(new ContributionReceived(Now, answer)); break;
            case ComputeFailed answer: Apply(new ComputeFailureReceived(Now, answer)); break;
            case ShardsReturned answer: Apply(new ShardsGivenBack(Now, answer)); break;
            case WorkGoesOn answer: Apply(new WorkHeard(Now, answer)); break;
            case ParametersMissing answer: Apply(new ParametersMissed(Now, answer)); break;
            case Advanced done: Advance(done); break;
            case AdvanceFailed failed: BreakOff(failed); break;
            case Recomputed done: Apply(new ShardRecomputed(Now, done.Evaluation, done.Shard, done.Sums)); break;
            case RecomputationEnded ended: BreakOff(ended); break;
            case SaveEnded ended: Apply(ended.EventAt(Now)); break;
            case TrainingTimer timer: Apply(new TimerElapsed(Now, timer)); break;
            case StopTraining stop: Apply(new StopRequested(Now, stop.Why)); break;
            case Terminated terminated: Bury(terminated.ActorRef); break;
            default: Unhandled(message); break;
        }
    }

    TimeSpan Now => _time.GetElapsedTime(_startedAt);

    protected override void PreStart() => Apply(new RunStarted(Now));

    /// <summary>The run is a value that died with the failed message: it cannot be taken up again.</summary>
    protected override void PreRestart(Exception reason, object message)
    {
        _outcome.Fail(ProblemOf(reason), reason);
        base.PreRestart(reason, message);
    }

    protected override void PostRestart(Exception reason) => Context.Stop(Self);

    protected override void PostStop()
    {
        GiveUpRecomputing();
        _outcome.Fail(new Problem(BrokenOffCode, ExitCode.Interrupted, "training was stopped before it ended", "fix: run it again"));
    }

    void Apply(TrainingEvent happened)
    {
        (_run, var effects) = _run.Handle(happened);
        foreach (var effect in effects) Perform(effect);
    }

    /// <summary>Where training closes, what a large optimiser held is collected at once: the closing passes need as much again.</summary>
    void Advance(Advanced done)
    {
        Apply(new TrainerAdvanced(Now, done.Evaluation, done.Answer));
        var isFirst = done.Answer is { Trainer.IsClosing: true, Question.Request.Kind: EvaluationKind.Closing };
        if (isFirst && done.Answer.Question!.Parameters.Shape.ParameterCount >= ManyParameters)
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true);
    }

    void Perform(TrainingEffect effect)
    {
        switch (effect)
        {
            case AdmitWorker admission: Admit(admission.Answer); break;
            case ReplyToSender reply: Sender.Tell(reply.Answer); break;
            case TellWorker(var worker, var order): _workers[worker].Actor.Tell(order); break;
            case ForgetWorker(var worker): Forget(worker); break;
            case SetTimer(var timer, var at): Timers.StartSingleTimer(timer, timer, Max(at - Now, TimeSpan.Zero)); break;
            case CancelTimer(var timer): Timers.Cancel(timer); break;
            case AdvanceTrainer advance: Compute(advance.Evaluation, advance.ComputeOnce); break;
            case StopTrainer stop: Compute(stop.Evaluation, stop.Compute); break;
            case RecomputeShards recompute: Recompute(recompute); break;
            case SaveCheckpoint(var boundary): Save(boundary); break;
            case Notify(var notice): foreach (var observer in _observers) observer.Happened(notice); break;
            case FinishRun(var result): _outcome.Finish(result); break;
            case FailRun(var problem): _outcome.Fail(problem); break;
            default: throw new UnreachableException($"Unknown effect {effect}.");
        }
    }

    void Admit(WorkerAdmitted admission)
    {
        _workers[admission.Worker] = new AdmittedWorker(Sender, admission.Incarnation);
        Context.Watch(Sender);
        Sender.Tell(admission);
    }

    void Forget(WorkerId worker)
    {
        if (_workers.Remove(worker, out var known)) Context.Unwatch(known.Actor);
    }

    void Bury(IActorRef actor)
    {
        foreach (var (worker, known) in _workers.Where(entry => entry.Value.Actor.Equals(actor)).ToArray())
            Apply(new WorkerLost(Now, worker, known.Incarnation, "it ended"));
    }

    void Compute(EvaluationId evaluation, Func<TrainerAnswer> think)
    {
        GiveUpRecomputing(); // The trainer does not wait for what nobody needs any more.
        _compute.Run(_ => think()).PipeTo(
            Self,
            success: answer => new Advanced(evaluation, answer),
            failure: cause => new AdvanceFailed(evaluation, cause));
    }

    void Recompute(RecomputeShards wanted)
    {
        var (self, recomputation) = (Self, new Recomputation(wanted, _computer!));
        _recomputations.Add(recomputation);
        _compute.Run(stopping => recomputation.Compute(shard => self.Tell(shard), stopping)).PipeTo(
            Self,
            success: _ => new RecomputationEnded(wanted.Evaluation, null),
            failure: cause => new RecomputationEnded(wanted.Evaluation, cause));
    }

    void GiveUpRecomputing()
    {
        foreach (var recomputation in _recomputations) recomputation.GiveUp();
        _recomputations.Clear();
    }

    void Save(StepBoundary boundary)
    {
        var started = _time.GetTimestamp();
        _checkpoints!.SaveAsync(boundary, _compute).PipeTo(
            Self,
            success: byteCount => new SaveEnded(at => new CheckpointSaved(at, boundary.Step, byteCount, _time.GetElapsedTime(started))),
            failure: cause => new SaveEnded(at => cause is DistTrainException { Problem: { ExitCode: ExitCode.Cluster } overtaken }
                ? new TermOvertaken(at, overtaken)
                : new CheckpointMissed(at, boundary.Step, cause.Message.ReplaceLineEndings(" "))));
    }

    /// <summary>What is no problem of the run's own is told with its trace: here is the last that sees it.</summary>
    void BreakOff(AdvanceFailed failed)
    {
        if (failed.Cause is not DistTrainException) _log.Error(failed.Cause, "The optimiser failed after {0}", failed.Evaluation);
        Apply(new TrainerFailed(Now, failed.Evaluation, ProblemOf(failed.Cause)));
    }

    void BreakOff(RecomputationEnded ended)
    {
        if (ended.Cause is not { } cause || cause is OperationCanceledException) return; // Well done, or the host ends.
        _log.Error(cause, "The coordinator could not compute a shard itself in {0}", ended.Evaluation);
        Apply(new RecomputeFailed(Now, ended.Evaluation, KnownCauses.ProblemOf(cause) ?? NotRecomputed(ended.Evaluation, cause)));
    }

    static Problem NotRecomputed(EvaluationId evaluation, Exception cause) => new(
        "DT1104", ExitCode.OurMistake,
        $"the coordinator could not compute a shard itself, as {evaluation} needed: {cause.GetType().Name}: {cause.Message}",
        "fix: report this with the log");

    static Problem ProblemOf(Exception cause) => KnownCauses.ProblemOf(cause) ?? Unexpected(cause);

    static Problem Unexpected(Exception cause) => new(
        "DT1001", ExitCode.OurMistake, $"the run broke off: {cause.GetType().Name}: {cause.Message}",
        "fix: report this with the log");

    static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;

    sealed record AdmittedWorker(IActorRef Actor, long Incarnation);

    /// <summary>Compute thread to self.</summary>
    sealed record Advanced(EvaluationId Evaluation, TrainerAnswer Answer) : INoSerializationVerificationNeeded;

    /// <summary>Thread of the checkpoints to self.</summary>
    sealed record SaveEnded(Func<TimeSpan, TrainingEvent> EventAt) : INoSerializationVerificationNeeded;

    /// <summary>Compute thread to self.</summary>
    sealed record AdvanceFailed(EvaluationId Evaluation, Exception Cause) : INoSerializationVerificationNeeded;
}
