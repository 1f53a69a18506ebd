using System.Globalization;
using DistTrain.Formats;
using DistTrain.Node.Blocks;
using DistTrain.Training;
using Microsoft.Extensions.Logging;

namespace DistTrain.Coordinator.Hosting;

/// <summary>A run in the host's log: every join, loss, moved lease, refusal and end; of the steps, one every few seconds.</summary>
/// <remarks>
/// The first step, and each that comes at least <see cref="StepInterval"/> after the last one told, is an information; the others are for
/// debugging, and evaluations for tracing. With each step that is told comes how fast it goes. Counts
/// stand behind their word, so that 1 is not a case of its own.
/// </remarks>
public sealed partial class TrainingLog(ILogger<TrainingLog> logger, TimeProvider time, PlaneMeters? plane = null) : ITrainingObserver
{
    /// <summary>Shortest time between two steps at the level of information.</summary>
    public static readonly TimeSpan StepInterval = TimeSpan.FromSeconds(5);

    /// <summary>The event of a run that failed, for those who say the same in a form of their own.</summary>
    public const int FailedId = 1009;

    /// <summary>When what the pace is reckoned from was last told.</summary>
    readonly PaceSince _since = new(time.GetTimestamp());

    TimeSpan? _lastStepAt;
    long? _savedAt;

    public void Happened(TrainingNotice notice)
    {
        switch (notice)
        {
            case WorkerJoinedNotice joined: Joined(joined.Worker, joined.Threads, joined.WorkerCount); break;
            case WorkerRefusedNotice refused: WorkerRefused(refused.Worker, refused.Reason); break;
            case WorkerLostNotice lost: Lost(lost.Worker, lost.Reason, lost.ShardsMoved, lost.WorkerCount); break;
            case LeaseMovedNotice moved: Tell(moved); break;
            case WorkerFaultyNotice faulty: Tell(faulty); break;
            case ContributionRefusedNotice refused: Refused(refused.Worker, refused.Evaluation, refused.Reason); break;
            case EvaluationFinishedNotice finished:
                _since.RowCount += finished.RowCount;
                Evaluated(finished.Evaluation, finished.Kind, finished.RowCount, finished.Elapsed.TotalSeconds, finished.WorkerCount);
                break;
            case StepTakenNotice step: Tell(step); break;
            case ValidationWatchedNotice watched: Watched(watched.Step, watched.LogLoss); break;
            case CertificateTriedNotice tried: Tried(tried.Step, tried.Bound); break;
            case PathPointNotice { Point: var point }: PathPointDone(point.L2, point.Steps, Words.Of(point.StoppedBy), point.LogLoss); break;
            case TimeRanOutNotice ended: OutOfTime(ended.Elapsed.TotalSeconds); break;
            case CheckpointSavedNotice saved:
                _savedAt = time.GetTimestamp();
                CheckpointSaved(saved.Step, saved.ByteCount, saved.Elapsed.TotalSeconds);
                break;
            case CheckpointMissedNotice missed: CheckpointMissed(missed.Step, missed.Reason); break;
            case RunFinishedNotice finished: Tell(finished); break;
            case RunFailedNotice { Problem: { IsStop: true } stop }: Stopped(stop.Message); break;
            case RunFailedNotice failed: Failed(failed.Problem.Code, failed.Problem.Message); break;
        }
    }

    void Tell(LeaseMovedNotice moved)
    {
        var (evaluation, from, to, shardCount, reason) = moved;
        switch (reason)
        {
            case LeaseMoveReason.Late: LeaseLate(shardCount, from, to, evaluation); break;
            case LeaseMoveReason.Failed: LeaseFailed(shardCount, from, to, evaluation); break;
            case LeaseMoveReason.GivenBack: LeaseGivenBack(shardCount, from, to, evaluation); break;
        }
    }

    void Tell(WorkerFaultyNotice faulty)
    {
        if (faulty.Unverified is { } steps) FaultySince(faulty.Worker, faulty.Shard, faulty.Evaluation, steps.First, steps.Last);
        else Faulty(faulty.Worker, faulty.Shard, faulty.Evaluation);
    }

    void Tell(StepTakenNotice step)
    {
        var isDue = _lastStepAt is not { } last || step.Elapsed - last >= StepInterval;
        if (isDue) _lastStepAt = step.Elapsed;
        var (number, evaluations, _, objective, gradientMax) = step.Summary;
        var level = isDue ? LogLevel.Information : LogLevel.Debug;
        var seconds = step.Elapsed.TotalSeconds;
        if (gradientMax is { } gradient) StepTaken(level, number, objective, gradient, evaluations, seconds, step.WorkerCount);
        else BatchStepTaken(level, number, objective, evaluations, seconds, step.WorkerCount);
        if (isDue) TellPace(step);
    }

    /// <summary>What was done since the last time.</summary>
    void TellPace(StepTakenNotice step)
    {
        var elapsed = time.GetElapsedTime(_since.At);
        var rowsPerSecond = elapsed > TimeSpan.Zero ? _since.RowCount / elapsed.TotalSeconds : 0;
        var (sent, fetched) = (plane?.SentBytes ?? 0, plane?.FetchedBytes ?? 0);
        var age = _savedAt is { } savedAt ? Seconds(time.GetElapsedTime(savedAt)) : "none";
        var left = step.TimeLeft is { } timeLeft ? Seconds(timeLeft) : "unknown";
        PaceTold((long)rowsPerSecond, sent - _since.SentBytes, fetched - _since.FetchedBytes, age, left);
        (_since.At, _since.RowCount, _since.SentBytes, _since.FetchedBytes) = (time.GetTimestamp(), 0, sent, fetched);
    }

    static string Seconds(TimeSpan duration) => string.Create(CultureInfo.InvariantCulture, $"{duration.TotalSeconds:0.#} s");

    void Tell(RunFinishedNotice finished)
    {
        var result = finished.Result;
        Finished(result.Steps, result.Evaluations, Words.Of(result.StoppedBy), result.Objective, finished.Elapsed.TotalSeconds);
    }

    [LoggerMessage(1001, LogLevel.Information, "{Worker} joined: threads {Threads}, workers {WorkerCount}")]
    partial void Joined(string worker, int threads, int workerCount);

    [LoggerMessage(1002, LogLevel.Error, "{Worker} refused: {Reason}")]
    partial void WorkerRefused(string worker, string reason);

    [LoggerMessage(1003, LogLevel.Warning, "{Worker} lost: {Reason}; shards leased again {ShardCount}, workers {WorkerCount}")]
    partial void Lost(string worker, string reason, int shardCount, int workerCount);

    [LoggerMessage(1004, LogLevel.Warning,
        "Leased to {To} as well in evaluation {Evaluation}, since {From} is late: shards {ShardCount}")]
    partial void LeaseLate(int shardCount, string from, string to, long evaluation);

    [LoggerMessage(1017, LogLevel.Warning,
        "Leased to {To} in evaluation {Evaluation}, since no answer of {From} could be used: shards {ShardCount}")]
    partial void LeaseFailed(int shardCount, string from, string to, long evaluation);

    [LoggerMessage(1018, LogLevel.Information,
        "Leased to {To} in evaluation {Evaluation}, given back by {From} that had not begun them: shards {ShardCount}")]
    partial void LeaseGivenBack(int shardCount, string from, string to, long evaluation);

    [LoggerMessage(1020, LogLevel.Error,
        "{Worker} computed wrong sums of shard {Shard} in evaluation {Evaluation}: it takes no part any more; "
        + "all it said before is checked")]
    partial void Faulty(string worker, int shard, long evaluation);

    [LoggerMessage(1021, LogLevel.Error,
        "{Worker} computed wrong sums of shard {Shard} in evaluation {Evaluation}: it takes no part any more; "
        + "steps {First} to {Last}, in which it did, are unverified")]
    partial void FaultySince(string worker, int shard, long evaluation, int first, int last);

    /// <summary>Ordinary weather: the sums are whole without it, and its shards are with another worker where they are not.</summary>
    [LoggerMessage(1005, LogLevel.Information, "An answer of {Worker} to evaluation {Evaluation} is not used: {Reason}")]
    partial void Refused(string worker, long evaluation, string reason);

    [LoggerMessage(1006, LogLevel.Trace, "Evaluation {Evaluation} ({Kind}): rows {RowCount}, workers {WorkerCount}, {Seconds} s")]
    partial void Evaluated(long evaluation, Learning.EvaluationKind kind, long rowCount, double seconds, int workerCount);

    [LoggerMessage(EventId = 1007, Message =
        "Step {Step}: objective {Objective}, gradient {GradientMax}, evaluations {Evaluations}, workers {WorkerCount}, {Seconds} s")]
    partial void StepTaken(
        LogLevel level, int step, double objective, double gradientMax, int evaluations, double seconds, int workerCount);

    /// <summary>A step of which only the gradient of a batch is known.</summary>
    [LoggerMessage(EventId = 1010, Message =
        "Step {Step}: objective {Objective}, evaluations {Evaluations}, workers {WorkerCount}, {Seconds} s")]
    partial void BatchStepTaken(LogLevel level, int step, double objective, int evaluations, double seconds, int workerCount);

    [LoggerMessage(1022, LogLevel.Information,
        "Pace: {RowsPerSecond} rows/s, sent {SentBytes} bytes, fetched {FetchedBytes} bytes, age of the checkpoint {CheckpointAge}, "
        + "time left {TimeLeft}")]
    partial void PaceTold(long rowsPerSecond, long sentBytes, long fetchedBytes, string checkpointAge, string timeLeft);

    [LoggerMessage(1013, LogLevel.Debug, "Validation after step {Step}: log-loss {LogLoss}")]
    partial void Watched(int step, double logLoss);

    [LoggerMessage(1014, LogLevel.Information, "Certificate after step {Step}: within {Bound} of the optimum")]
    partial void Tried(int step, double bound);

    [LoggerMessage(1015, LogLevel.Information, "Penalty {L2} is done: steps {Steps}, stopped by {StoppedBy}, validation log-loss {LogLoss}")]
    partial void PathPointDone(double l2, int steps, string stoppedBy, double logLoss);

    [LoggerMessage(1016, LogLevel.Information, "The time allowed is over after {Seconds} s: training ends here")]
    partial void OutOfTime(double seconds);

    [LoggerMessage(1008, LogLevel.Information,
        "Finished: steps {Steps}, evaluations {Evaluations}, stopped by {StoppedBy}, objective {Objective}, {Seconds} s")]
    partial void Finished(int steps, int evaluations, string stoppedBy, double objective, double seconds);

    [LoggerMessage(1011, LogLevel.Information, "Checkpoint of step {Step}: {ByteCount} bytes, {Seconds} s")]
    partial void CheckpointSaved(int step, long byteCount, double seconds);

    [LoggerMessage(1012, LogLevel.Warning, "The checkpoint of step {Step} could not be written, the one before stays: {Reason}")]
    partial void CheckpointMissed(int step, string reason);

    [LoggerMessage(1019, LogLevel.Information, "Ended before its end: {Reason}")]
    partial void Stopped(string reason);

    [LoggerMessage(FailedId, LogLevel.Error, "Failed: {Code}: {Problem}")]
    partial void Failed(string code, string problem);

    /// <summary>From where the pace is reckoned, and what was done since.</summary>
    sealed class PaceSince(long at)
    {
        public long At { get; set; } = at;

        public long RowCount { get; set; }

        public long SentBytes { get; set; }

        public long FetchedBytes { get; set; }
    }
}
