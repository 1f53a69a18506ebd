using DistTrain.Data.Storage;
using DistTrain.Learning;
using DistTrain.Problems;
using DistTrain.Protocol;

namespace DistTrain.Training;

/// <summary>What can happen to a run.</summary>
/// <param name="At">When, since the run's start on a clock that never goes back.</param>
public abstract record TrainingEvent(TimeSpan At);

/// <summary>The first event of every run.</summary>
public sealed record RunStarted(TimeSpan At) : TrainingEvent(At);

/// <summary>A worker asks to take part, for the first time or again.</summary>
public sealed record WorkerJoined(TimeSpan At, WorkerJoining Joining) : TrainingEvent(At);

/// <summary>A worker has left or died.</summary>
/// <param name="Incarnation">Of the one that is gone; news of an older one than the admitted are without effect.</param>
public sealed record WorkerLost(TimeSpan At, WorkerId Worker, long Incarnation, string Reason) : TrainingEvent(At);

/// <summary>A worker has sent sums.</summary>
public sealed record ContributionReceived(TimeSpan At, ContributionComputed Answer) : TrainingEvent(At);

/// <summary>A worker could not compute shards.</summary>
public sealed record ComputeFailureReceived(TimeSpan At, ComputeFailed Answer) : TrainingEvent(At);

/// <summary>A worker lacks the parameters of a lease.</summary>
public sealed record ParametersMissed(TimeSpan At, ParametersMissing Answer) : TrainingEvent(At);

/// <summary>A worker gives shards back that it has not begun.</summary>
public sealed record ShardsGivenBack(TimeSpan At, ShardsReturned Answer) : TrainingEvent(At);

/// <summary>A worker lets know that it computes.</summary>
public sealed record WorkHeard(TimeSpan At, WorkGoesOn Answer) : TrainingEvent(At);

/// <summary>The answer to <see cref="AdvanceTrainer"/>.</summary>
public sealed record TrainerAdvanced(TimeSpan At, EvaluationId Evaluation, TrainerAnswer Answer) : TrainingEvent(At);

/// <summary>The other answer to <see cref="AdvanceTrainer"/>: it cannot go on.</summary>
public sealed record TrainerFailed(TimeSpan At, EvaluationId Evaluation, Problem Problem) : TrainingEvent(At);

/// <summary>An answer to <see cref="RecomputeShards"/>: one of the shards.</summary>
public sealed record ShardRecomputed(TimeSpan At, EvaluationId Evaluation, ShardId Shard, EvaluationSums Sums) : TrainingEvent(At);

/// <summary>Another answer to <see cref="RecomputeShards"/>: it cannot be done.</summary>
public sealed record RecomputeFailed(TimeSpan At, EvaluationId Evaluation, Problem Problem) : TrainingEvent(At);

/// <summary>An answer to <see cref="SaveCheckpoint"/>: it is on the disk.</summary>
/// <param name="Elapsed">From the request on.</param>
public sealed record CheckpointSaved(TimeSpan At, int Step, long ByteCount, TimeSpan Elapsed) : TrainingEvent(At);

/// <summary>Another answer to <see cref="SaveCheckpoint"/>: it could not be written.</summary>
public sealed record CheckpointMissed(TimeSpan At, int Step, string Reason) : TrainingEvent(At);

/// <summary>The last answer to <see cref="SaveCheckpoint"/>: another process goes on with this run, under a higher term.</summary>
public sealed record TermOvertaken(TimeSpan At, Problem Problem) : TrainingEvent(At);

/// <summary>A timer that was set has run out; one that comes too early or too late does no harm.</summary>
public sealed record TimerElapsed(TimeSpan At, TrainingTimer Timer) : TrainingEvent(At);

/// <summary>The user or the system wants the run to end now.</summary>
/// <param name="Why">What the run then ends with.</param>
public sealed record StopRequested(TimeSpan At, Problem Why) : TrainingEvent(At);

/// <summary>The waits of a run; each has its timer.</summary>
public enum TrainingTimer
{
    /// <summary>For workers.</summary>
    Join,

    /// <summary>For the answers of leases, or for the trainer's.</summary>
    Answer,

    /// <summary>For the last checkpoint of a run that is being stopped.</summary>
    Stop,

    /// <summary>For the end of the time that training may take.</summary>
    Limit,
}
