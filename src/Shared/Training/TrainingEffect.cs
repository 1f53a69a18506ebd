using System.Collections.Immutable;
using DistTrain.Learning;
using DistTrain.Problems;
using DistTrain.Protocol;

namespace DistTrain.Training;

/// <summary>What the host of a run has to do, in the order given.</summary>
public abstract record TrainingEffect;

/// <summary>Know the sender of the present message as this worker, watch it, and answer it.</summary>
public sealed record AdmitWorker(WorkerAdmitted Answer) : TrainingEffect;

/// <summary>Answer the sender of the present message, who may be unknown.</summary>
public sealed record ReplyToSender(IWorkerOrder Answer) : TrainingEffect;

/// <summary>Tell an admitted worker.</summary>
public sealed record TellWorker(WorkerId Worker, IWorkerOrder Order) : TrainingEffect;

/// <summary>The worker no longer takes part: stop watching it.</summary>
public sealed record ForgetWorker(WorkerId Worker) : TrainingEffect;

/// <summary>
/// Let <see cref="TimerElapsed"/> happen at <paramref name="At"/> (since the run's start); replaces a timer of the same name.
/// </summary>
public sealed record SetTimer(TrainingTimer Timer, TimeSpan At) : TrainingEffect;

public sealed record CancelTimer(TrainingTimer Timer) : TrainingEffect;

/// <summary>
/// Compute <see cref="Compute"/> away from the mailbox, for it may take long, and let <see cref="TrainerAdvanced"/> or
/// <see cref="TrainerFailed"/> happen.
/// </summary>
/// <param name="Contributions">Disjoint, and together all shards of the evaluation.</param>
public sealed record AdvanceTrainer(
    EvaluationId Evaluation, ITrainer Trainer, ModelShape Shape, EvaluationKind Kind, ImmutableArray<Contribution> Contributions)
    : TrainingEffect
{
    /// <summary>Adds the sums and tells the trainer; a pure function of this value.</summary>
    public TrainerAnswer Compute()
    {
        var total = new EvaluationSums(Shape, Kind);
        total.Add([.. Contributions.Select(contribution => contribution.Sums)]);
        return Trainer.Tell(total);
    }

    /// <summary>
    /// The same, in the memory of the contributions, which is given away in the end, as is what the trainer held and its successor does not.
    /// For a host that computes nothing twice, and saves a step's trainer before it is told anything more: of a complete evaluation this effect
    /// is the last that reads them, and what is answered once more is refused unread. Sums of batches are left alone: they are small, or the
    /// trainer's own.
    /// </summary>
    public TrainerAnswer ComputeOnce()
    {
        if (Kind is not EvaluationKind.Gradient || Contributions.IsEmpty) return Compute();

        var total = Contributions[0].Sums;
        total.Add([.. Contributions.Skip(1).Select(contribution => contribution.Sums)], Trainer.Parallel);
        var answer = Trainer.Tell(total);
        foreach (var contribution in Contributions) contribution.Sums.Recycle();
        Trainer.LetGo(answer.Trainer);
        return answer;
    }
}

/// <summary>
/// Compute these shards here, away from the mailbox like <see cref="AdvanceTrainer"/>, and let <see cref="ShardRecomputed"/> happen for
/// each, or <see cref="RecomputeFailed"/>. What is still to be done when the trainer is to be advanced is not done any more.
/// </summary>
public sealed record RecomputeShards(EvaluationId Evaluation, Question Question, ShardSet Shards) : TrainingEffect;

/// <summary>
/// Save the boundary away from the mailbox, and let <see cref="CheckpointSaved"/>, <see cref="CheckpointMissed"/> or
/// <see cref="TermOvertaken"/> happen. Its trainer is put into bytes before it is told anything more.
/// </summary>
public sealed record SaveCheckpoint(StepBoundary Boundary) : TrainingEffect;

/// <summary>Have the trainer stop, away from the mailbox like <see cref="AdvanceTrainer"/>, with the same two events to follow.</summary>
/// <param name="Evaluation">The last one begun; its sums are no longer wanted.</param>
public sealed record StopTrainer(EvaluationId Evaluation, ITrainer Trainer, StoppedBy Reason) : TrainingEffect
{
    /// <summary>A pure function of this value.</summary>
    public TrainerAnswer Compute() => Trainer.Close(Reason);
}

/// <summary>Let those who watch know.</summary>
public sealed record Notify(TrainingNotice Notice) : TrainingEffect;

/// <summary>The run has its result; nothing follows.</summary>
public sealed record FinishRun(TrainingResult Result) : TrainingEffect;

/// <summary>The run ends without a result; nothing follows.</summary>
public sealed record FailRun(Problem Problem) : TrainingEffect;
