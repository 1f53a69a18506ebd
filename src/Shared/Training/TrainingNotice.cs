using System.Collections.Immutable;
using DistTrain.Data.Storage;
using DistTrain.Learning;

namespace DistTrain.Training;

/// <summary>Something that happened in a run, for logs, the run folder and whoever watches. Says nothing that the bits depend on.</summary>
/// <remarks>The one who observes adds the wall-clock time.</remarks>
public abstract record TrainingNotice;

public sealed record WorkerJoinedNotice(string Worker, int Threads, int WorkerCount) : TrainingNotice;

public sealed record WorkerRefusedNotice(string Worker, string Reason) : TrainingNotice;

public sealed record WorkerLostNotice(string Worker, string Reason, int ShardsMoved, int WorkerCount) : TrainingNotice;

/// <summary>Shards of a worker leased to another one, or once more to the same.</summary>
public sealed record LeaseMovedNotice(long Evaluation, string From, string To, int ShardCount, LeaseMoveReason Reason) : TrainingNotice;

/// <summary>Why a lease moves.</summary>
public enum LeaseMoveReason
{
    /// <summary>The first worker has not answered by its deadline; it may still do so.</summary>
    Late,

    /// <summary>It could not compute them, or its answer could not be used.</summary>
    Failed,

    /// <summary>It had not begun them, and gave them back for a worker that was free.</summary>
    GivenBack,
}

/// <summary>An answer that was not used: late, twice, foreign or overlapping.</summary>
public sealed record ContributionRefusedNotice(long Evaluation, string Worker, string Reason) : TrainingNotice;

/// <summary>A worker has computed wrong sums, and takes no part any more.</summary>
/// <param name="Shard">Whose sums showed it.</param>
/// <param name="Unverified">Steps that it took part in and nobody has checked; null where there are none.</param>
public sealed record WorkerFaultyNotice(string Worker, long Evaluation, int Shard, UnverifiedSteps? Unverified) : TrainingNotice;

/// <summary>Steps from <paramref name="First"/> to <paramref name="Last"/>.</summary>
public sealed record UnverifiedSteps(int First, int Last);

/// <param name="Elapsed">From the first lease of the evaluation to its last answer.</param>
public sealed record EvaluationFinishedNotice(
    long Evaluation, EvaluationKind Kind, long RowCount, TimeSpan Elapsed, int WorkerCount) : TrainingNotice
{
    public DatasetPart Part { get; init; } = DatasetPart.Training;

    /// <summary>Shards that were asked for: all of the part, or those that the batch takes rows from.</summary>
    public ShardSet Shards { get; init; } = ShardSet.Empty;

    /// <summary>Shards that were computed more than once to be compared.</summary>
    public int AuditedCount { get; init; }

    /// <summary>Every contribution that counts, in the order of arrival: its worker and shards. Together each shard once.</summary>
    public ImmutableArray<AcceptedShards> Accepted { get; init; } = [];

    /// <summary>Answers in which they came: fewer where workers have added up for others.</summary>
    public int AnswerCount { get; init; }
}

/// <summary>The shards of a contribution that counts.</summary>
/// <param name="Worker">Whose it is; null: the coordinator's own.</param>
public sealed record AcceptedShards(string? Worker, ShardSet Shards);

/// <param name="Elapsed">Since the run's start.</param>
public sealed record StepTakenNotice(StepSummary Summary, TimeSpan Elapsed, int WorkerCount) : TrainingNotice
{
    /// <summary>About how long optimising is still going to take; null where nothing can be said.</summary>
    public TimeSpan? TimeLeft { get; init; }
}

/// <param name="Elapsed">From the decision to save until it was on the disk.</param>
public sealed record CheckpointSavedNotice(int Step, long ByteCount, TimeSpan Elapsed) : TrainingNotice;

/// <summary>A checkpoint could not be written; the one before stays.</summary>
public sealed record CheckpointMissedNotice(int Step, string Reason) : TrainingNotice;

/// <summary>The validation part was evaluated in the middle of training.</summary>
/// <param name="LogLoss"><see cref="ClassificationMetrics.KnownLogLoss"/>.</param>
/// <param name="IsBest">No point before was as good.</param>
public sealed record ValidationWatchedNotice(int Step, double Epochs, double LogLoss, bool IsBest) : TrainingNotice;

/// <summary>The certificate was tried in the middle of training.</summary>
/// <param name="Bound">Upper bound of F − min F at the step's point; infinite where its sums were not finite.</param>
public sealed record CertificateTriedNotice(int Step, double Bound) : TrainingNotice;

/// <summary>One penalty of a path is done.</summary>
public sealed record PathPointNotice(PathPoint Point) : TrainingNotice;

/// <summary>The time allowed is over: training ends where it stands.</summary>
/// <param name="Elapsed">Since the run's start.</param>
public sealed record TimeRanOutNotice(TimeSpan Elapsed) : TrainingNotice;

/// <param name="Elapsed">Since the run's start.</param>
public sealed record RunFinishedNotice(TrainingResult Result, TimeSpan Elapsed) : TrainingNotice;

public sealed record RunFailedNotice(Problems.Problem Problem) : TrainingNotice;
