using DistTrain.Training;
using Microsoft.Extensions.Logging;

namespace DistTrain.Coordinator.Hosting;

/// <summary>A run in the host's log: every join, loss, moved lease, refusal and end; of the steps, one every few seconds.</summary>
/// <remarks>
/// The first step, and each that comes at least <see cref="StepInterval"/> after the last one told, is an information; the others are for
/// debugging, as are evaluations.
/// </remarks>
public sealed partial class TrainingLog(ILogger<TrainingLog> logger) : ITrainingObserver
{
    /// <summary>Shortest time between two steps at the level of information.</summary>
    public static readonly TimeSpan StepInterval = TimeSpan.FromSeconds(5);

    TimeSpan? _lastStepAt;

    public void Happened(TrainingNotice notice)
    {
        switch (notice)
        {
            case WorkerJoinedNotice joined: Joined(joined.Worker, joined.Threads, joined.WorkerCount); break;
            case WorkerRefusedNotice refused: WorkerRefused(refused.Worker, refused.Reason); break;
            case WorkerLostNotice lost: Lost(lost.Worker, lost.Reason, lost.ShardsMoved, lost.WorkerCount); break;
            case LeaseMovedNotice moved: LeaseMoved(moved.ShardCount, moved.From, moved.To, moved.Evaluation); break;
            case ContributionRefusedNotice refused: Refused(refused.Worker, refused.Evaluation, refused.Reason); break;
            case EvaluationFinishedNotice finished:
                Evaluated(finished.Evaluation, finished.Kind, finished.RowCount, finished.Elapsed.TotalSeconds, finished.WorkerCount);
                break;
            case StepTakenNotice step: Tell(step); break;
            case RunFinishedNotice finished: Tell(finished); break;
            case RunFailedNotice failed: Failed(failed.Problem.Code, failed.Problem.Message); break;
        }
    }

    void Tell(StepTakenNotice step)
    {
        var isDue = _lastStepAt is not { } last || step.Elapsed - last >= StepInterval;
        if (isDue) _lastStepAt = step.Elapsed;
        var (number, evaluations, _, objective, gradientMax) = step.Summary;
        var level = isDue ? LogLevel.Information : LogLevel.Debug;
        StepTaken(level, number, objective, gradientMax, evaluations, step.Elapsed.TotalSeconds, step.WorkerCount);
    }

    void Tell(RunFinishedNotice finished)
    {
        var result = finished.Result;
        Finished(result.Steps, result.Evaluations, result.StoppedBy, result.Objective, finished.Elapsed.TotalSeconds);
    }

    [LoggerMessage(1001, LogLevel.Information, "{Worker} joined with {Threads} threads; {WorkerCount} workers")]
    partial void Joined(string worker, int threads, int workerCount);

    [LoggerMessage(1002, LogLevel.Error, "{Worker} refused: {Reason}")]
    partial void WorkerRefused(string worker, string reason);

    [LoggerMessage(1003, LogLevel.Warning, "{Worker} lost: {Reason}; {ShardCount} shards leased again; {WorkerCount} workers")]
    partial void Lost(string worker, string reason, int shardCount, int workerCount);

    [LoggerMessage(1004, LogLevel.Warning, "{ShardCount} shards of {From} leased to {To} in evaluation {Evaluation}")]
    partial void LeaseMoved(int shardCount, string from, string to, long evaluation);

    [LoggerMessage(1005, LogLevel.Warning, "An answer of {Worker} to evaluation {Evaluation} is not used: {Reason}")]
    partial void Refused(string worker, long evaluation, string reason);

    [LoggerMessage(1006, LogLevel.Debug, "Evaluation {Evaluation} ({Kind}): {RowCount} rows in {Seconds} s on {WorkerCount} workers")]
    partial void Evaluated(long evaluation, Learning.EvaluationKind kind, long rowCount, double seconds, int workerCount);

    [LoggerMessage(EventId = 1007, Message =
        "Step {Step}: objective {Objective}, gradient {GradientMax}, {Evaluations} evaluations, {Seconds} s, {WorkerCount} workers")]
    partial void StepTaken(
        LogLevel level, int step, double objective, double? gradientMax, int evaluations, double seconds, int workerCount);

    [LoggerMessage(1008, LogLevel.Information,
        "Finished after {Steps} steps and {Evaluations} evaluations, stopped by {StoppedBy}: objective {Objective}, {Seconds} s")]
    partial void Finished(int steps, int evaluations, StoppedBy stoppedBy, double objective, double seconds);

    [LoggerMessage(1009, LogLevel.Error, "Failed: {Code}: {Problem}")]
    partial void Failed(string code, string problem);
}
