using System.Collections.Immutable;
using System.Diagnostics;
using DistTrain.Learning;
using DistTrain.Problems;
using DistTrain.Protocol;
using EffectList = System.Collections.Immutable.ImmutableArray<DistTrain.Training.TrainingEffect>.Builder;

namespace DistTrain.Training;

/// <summary>
/// The coordinator's side of a run as a value: told what happened, it answers with the next state and with what is to be done. It leases
/// the shards of one evaluation after the other to workers, accepts each shard's sums exactly once, and has the trainer advanced when
/// all are there. Knows no actors, clock or threads; the order of events changes who computes, never what comes out.
/// </summary>
/// <remarks>
/// Every wait has a timer: for workers (<see cref="TrainingTimer.Join"/>), for answers of leases or of the trainer
/// (<see cref="TrainingTimer.Answer"/>), and for the last checkpoint (<see cref="TrainingTimer.Stop"/>). So a run that is told when its
/// timers run out ends, whatever its workers do: where they speak and let all deadlines pass, by <see cref="Drought"/>.
/// </remarks>
public sealed partial record TrainingRun
{
    readonly TrainingRunOptions _options;
    readonly TrainerAnswer _first;
    readonly BatchSchedule _schedule;

    /// <param name="first">The trainer's first answer: where the run starts.</param>
    public TrainingRun(TrainingRunOptions options, TrainerAnswer first)
    {
        (_options, _first) = (options, first);
        _schedule = new BatchSchedule(options.TrainingRows, options.Shape.SparseCount > 0);
        Trainer = first.Trainer;
        Forecast = options.Goal is { } goal ? new Forecast(goal) : null;
        Checkpoints = CheckpointProgress.At(options.FirstStep);
    }

    enum RunPhase
    {
        /// <summary>Too few workers to begin.</summary>
        Forming,

        /// <summary>Shards are being computed.</summary>
        Evaluating,

        /// <summary>The trainer thinks.</summary>
        Advancing,

        /// <summary>The last checkpoint is being written; then the run ends without a result.</summary>
        Stopping,

        Ended,
    }

    /// <summary>The run has a result or has failed.</summary>
    public bool HasEnded => Phase == RunPhase.Ended;

    /// <summary>Another process goes on with the run.</summary>
    bool IsOvertaken { get; init; }

    /// <summary>The end is this process's, not the run's: workers are to look for who goes on with it.</summary>
    bool GoesOnElsewhere { get; init; }

    /// <summary>Null where none is asked for.</summary>
    Forecast? Forecast { get; init; }

    RunPhase Phase { get; init; } = RunPhase.Forming;

    ITrainer Trainer { get; init; }

    /// <summary>The question being evaluated, or the last one.</summary>
    Question? Question { get; init; }

    EvaluationId Evaluation { get; init; }

    TimeSpan EvaluationStartedAt { get; init; }

    Ledger Ledger { get; init; } = new(ShardSet.Empty);

    /// <summary>When the wait for workers ends; null while there are enough.</summary>
    TimeSpan? JoinDeadline { get; init; }

    /// <summary>When the trainer's answer is due; null unless it thinks.</summary>
    TimeSpan? TrainerDeadline { get; init; }

    /// <summary>The state after <paramref name="happened"/>, and what the host has to do, in order. This value stays as it was.</summary>
    public (TrainingRun Next, ImmutableArray<TrainingEffect> Effects) Handle(TrainingEvent happened)
    {
        var effects = ImmutableArray.CreateBuilder<TrainingEffect>();
        var next = Phase switch
        {
            RunPhase.Ended => AfterTheEnd(happened, effects),
            RunPhase.Stopping => DecideStopping(happened, effects),
            _ => Decide(happened, effects),
        };
        return (next, effects.DrainToImmutable());
    }

    TrainingRun Decide(TrainingEvent happened, EffectList effects) => happened switch
    {
        RunStarted started => SetLimit(started.At, effects).AwaitWorkers(started.At, effects),
        WorkerJoined joined => Join(joined.Joining, joined.At, effects),
        WorkerLost lost => Lose(lost, effects),
        ContributionReceived received => Collect(received.Answer, received.At, effects),
        ComputeFailureReceived failure => Retry(failure.Answer, failure.At, effects),
        ParametersMissed missed => SendAgain(missed.Answer, missed.At, effects),
        ShardsGivenBack given => TakeBack(given.Answer, given.At, effects),
        WorkHeard heard => Await(heard.Answer, heard.At, effects),
        TrainerAdvanced advanced => IsAwaited(advanced.Evaluation) ? GoOn(advanced.Answer, advanced.At, effects) : this,
        TrainerFailed failed => IsAwaited(failed.Evaluation) ? Fail(failed.Problem, effects) : this,
        TimerElapsed { Timer: TrainingTimer.Join } elapsed => GiveUpJoining(elapsed.At, effects),
        TimerElapsed { Timer: TrainingTimer.Answer } elapsed => GiveUpWaiting(elapsed.At, effects),
        TimerElapsed { Timer: TrainingTimer.Limit } elapsed => RunOutOfTime(elapsed.At, effects),
        TimerElapsed { Timer: TrainingTimer.Stop } elapsed => GiveUpSaving(elapsed.At, effects),
        StopRequested stop => Stop(stop.Why, stop.At, effects),
        ShardRecomputed recomputed => Collect(recomputed, effects),
        RecomputeFailed failed => failed.Evaluation == Evaluation && !Recomputing.IsEmpty ? Stop(failed.Problem, failed.At, effects) : this,
        CheckpointSaved saved => Saved(saved, effects),
        CheckpointMissed missed => Missed(missed, effects),
        TermOvertaken overtaken => (this with { IsOvertaken = true }).Fail(overtaken.Problem, effects),
        _ => throw new UnreachableException($"Unknown event {happened}."),
    };

    TrainingRun AfterTheEnd(TrainingEvent happened, EffectList effects)
    {
        if (happened is WorkerJoined && !GoesOnElsewhere) effects.Add(new ReplyToSender(new RunEnded(_options.Run, _options.Term)));
        return this;
    }

    bool IsAwaited(EvaluationId evaluation) => Phase == RunPhase.Advancing && evaluation == Evaluation;

    /// <summary>Tells the steps taken, then asks the next question or ends.</summary>
    TrainingRun GoOn(TrainerAnswer answer, TimeSpan at, EffectList effects)
    {
        var forecast = answer.Steps.Aggregate(Forecast, (forecast, step) => TellStep(forecast, step, at, effects));
        foreach (var notice in answer.Notices) effects.Add(new Notify(notice));
        var run = this with
        {
            Trainer = answer.Trainer,
            TrainerDeadline = null,
            Checkpoints = Checkpoints.After(answer),
            Forecast = forecast,
        };
        return answer switch
        {
            { Result: { } result } => run.Finish(result, at, effects),
            { Question: not null } when Stopping is not null => run.SaveAndStop(at, effects),
            { Question: not null } when run.IsOutOfTime && !run.Trainer.IsClosing => run.StopTraining(at, effects),
            { Question: { } question } => run.SaveIfDue(at, effects).Ask(question, at, effects),
            _ => throw new UnreachableException("A trainer's answer has neither a question nor a result."),
        };
    }

    Forecast? TellStep(Forecast? forecast, StepSummary step, TimeSpan at, EffectList effects)
    {
        var next = forecast?.After(step, at);
        effects.Add(new Notify(new StepTakenNotice(step, at, Workers.Count) { TimeLeft = TimeLeft(next, at) }));
        return next;
    }

    TimeSpan? TimeLeft(Forecast? forecast, TimeSpan at)
    {
        var guess = Trainer.IsClosing ? null : forecast?.TimeLeft;
        return _options.MaxTime - at is { } allowed && !(guess < allowed) ? Max(allowed, TimeSpan.Zero) : guess;
    }

    TrainingRun Ask(Question question, TimeSpan at, EffectList effects)
    {
        var shards = ShardsOf(question.Request);
        var run = this with
        {
            Phase = RunPhase.Evaluating,
            Question = question,
            Evaluation = Evaluation.Next,
            EvaluationStartedAt = at,
            Ledger = new Ledger(shards),
            Leases = Leases.None,
            Audit = Audit.None.With(Audit.Draw(shards, _options.Audit, _options.AuditSeed, Evaluation.Next)),
            FailedAttempts = NoAttempts,
            Resends = NoResends,
            LongestSilence = TimeSpan.Zero,
            FirstPatience = null,
            Drought = new Drought(at),
        };
        return shards.IsEmpty ? run.Complete(at, effects) : run.LeaseAll(at, effects);
    }

    /// <summary>The shards that an evaluation is about: all of the part, or those that the batch takes rows from.</summary>
    ShardSet ShardsOf(EvaluationRequest request) => request.Batch is { } batch
        ? ShardSet.Of(_schedule.SlicesOf(batch).Select(slice => slice.Shard))
        : ShardSet.UpTo(_options.RowsOf(request.Part).Length);

    /// <summary>All shards are answered: closes the evaluation and has the trainer advanced.</summary>
    TrainingRun Complete(TimeSpan at, EffectList effects)
    {
        CloseEvaluation(Leases.Outrun, effects);

        var request = Question!.Request;
        var elapsed = at - EvaluationStartedAt;
        var contributions = ImmutableArray.CreateRange(Ledger.Accepted, accepted => accepted.Contribution);
        var rowCount = contributions.Sum(contribution => contribution.Sums.RowCount);
        effects.Add(new Notify(new EvaluationFinishedNotice(Evaluation.Number, request.Kind, rowCount, elapsed, Workers.Count)
        {
            Part = request.Part,
            Shards = Ledger.Expected,
            AuditedCount = Audit.Shards.Count,
            Accepted =
            [
                .. Ledger.Accepted.SelectMany(accepted => accepted.Shares)
                    .Select(share => new AcceptedShards(share.Worker?.Name, share.Shards)),
            ],
            AnswerCount = Ledger.Accepted.Length,
        }));
        effects.Add(new AdvanceTrainer(Evaluation, Trainer, _options.Shape, request.Kind, contributions));
        var pace = Ledger.Expected.IsEmpty ? Pace : Pace.Observe(request, LongestSilence, Math.Max(1, Workers.ThreadCount));
        return AwaitTrainer(at, effects) with { Pace = pace };
    }

    /// <summary>The trainer has been given something to think about.</summary>
    TrainingRun AwaitTrainer(TimeSpan at, EffectList effects)
    {
        var deadline = at + _options.TrainerTimeout;
        effects.Add(new SetTimer(TrainingTimer.Answer, deadline));
        return this with
        {
            Phase = RunPhase.Advancing,
            Ledger = new Ledger(ShardSet.Empty),
            Leases = Leases.None,
            Audit = Audit.None,
            Recomputing = ShardSet.Empty,
            RecomputeDeadline = null,
            TrainerDeadline = deadline,
        };
    }

    /// <summary>Lets workers know that what they may still compute is no longer wanted.</summary>
    void CloseEvaluation(IEnumerable<WorkerId> workers, EffectList effects)
    {
        foreach (var worker in workers) effects.Add(Tell(worker, new EvaluationClosed(_options.Run, _options.Term, Evaluation)));
    }

    TrainingRun Finish(TrainingResult result, TimeSpan at, EffectList effects)
    {
        var run = End(null, effects);
        effects.Add(new Notify(new RunFinishedNotice(result, at)));
        effects.Add(new FinishRun(result));
        return run;
    }

    TrainingRun Fail(Problem problem, EffectList effects)
    {
        var run = End(problem, effects);
        effects.Add(new Notify(new RunFailedNotice(problem)));
        effects.Add(new FailRun(problem));
        return run;
    }

    TrainingRun End(Problem? why, EffectList effects)
    {
        if (Stopping is not null) effects.Add(new CancelTimer(TrainingTimer.Stop));
        return Release(why, effects) with { Phase = RunPhase.Ended };
    }

    /// <summary>
    /// Lets all workers go: for good, unless this process alone is stopped or has been overtaken, and another one may go on with the run.
    /// </summary>
    TrainingRun Release(Problem? why, EffectList effects)
    {
        var goesOn = GoesOnElsewhere || why is { IsStop: true } || IsOvertaken;
        effects.Add(new CancelTimer(TrainingTimer.Join));
        effects.Add(new CancelTimer(TrainingTimer.Answer));
        if (_options.MaxTime is not null) effects.Add(new CancelTimer(TrainingTimer.Limit));
        foreach (var worker in Workers.All)
            effects.Add(Tell(worker.Id, goesOn ? Farewell(worker.Id) : new RunEnded(_options.Run, _options.Term)));
        return this with
        {
            GoesOnElsewhere = goesOn,
            Workers = WorkerRoster.Empty,
            Leases = Leases.None,
            Ledger = new Ledger(ShardSet.Empty),
        };
    }

    WorkerDismissed Farewell(WorkerId worker) => new(_options.Run, _options.Term, worker, "this coordinator ends, and the run does not");

    static TellWorker Tell(WorkerId worker, IWorkerOrder order) => new(worker, order);
}
