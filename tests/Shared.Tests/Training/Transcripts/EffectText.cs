using System.Globalization;
using DistTrain.Protocol;
using DistTrain.Training;

namespace DistTrain.Shared.Tests.Training.Transcripts;

/// <summary>Effects in one line each.</summary>
static class EffectText
{
    public static string Of(TrainingEffect effect) => effect switch
    {
        AdmitWorker admit => $"admit {admit.Answer.Worker}",
        ReplyToSender reply => $"reply: {Of(reply.Answer)}",
        TellWorker tell => $"{tell.Worker} <- {Of(tell.Order)}",
        ForgetWorker forget => $"forget {forget.Worker}",
        SetTimer timer => string.Create(CultureInfo.InvariantCulture, $"timer {timer.Timer} at {timer.At.TotalSeconds:0.###}"),
        CancelTimer timer => $"cancel timer {timer.Timer}",
        AdvanceTrainer advance =>
            $"advance the trainer after {advance.Evaluation} with [{string.Join("] [", advance.Contributions.Select(c => c.Shards))}]",
        RecomputeShards recompute => $"compute {recompute.Shards} for {recompute.Evaluation} here",
        SaveCheckpoint save => $"save step {save.Boundary.Step}{(save.Boundary.IsClosing ? ", closing" : "")}",
        StopTrainer stop => $"stop the trainer by {stop.Reason} after {stop.Evaluation}",
        Notify notify => $"notice: {Of(notify.Notice)}",
        FinishRun => "finish",
        FailRun fail => $"fail {fail.Problem.Code} ({fail.Problem.ExitCode}): {fail.Problem.Message}",
        _ => effect.ToString(),
    };

    static string Of(IWorkerOrder order) => order switch
    {
        ParametersPublished published => $"parameters {published.Version}",
        ComputeShards lease =>
            $"compute {lease.Shards} for {lease.Evaluation} ({lease.Request.Kind} at {lease.Version}){(lease.Uncombined ? ", uncombined" : "")}",
        ShardsRecalled recalled => $"give back {recalled.Shards} of {recalled.Evaluation} if not begun",
        EvaluationClosed closed => $"{closed.Evaluation} is over",
        WorkerAdmitted => "admitted, to open the dataset first",
        WorkerRefused refused => $"refused: {refused.Reason}",
        WorkerDismissed dismissed => $"dismissed: {dismissed.Reason}",
        RunEnded => "the run has ended",
        _ => order.ToString()!,
    };

    static string Of(TrainingNotice notice) => notice switch
    {
        WorkerJoinedNotice joined => $"{joined.Worker} joined with {joined.Threads} threads, {joined.WorkerCount} workers",
        WorkerRefusedNotice refused => $"{refused.Worker} refused",
        WorkerLostNotice lost => $"{lost.Worker} lost ({lost.Reason}), {lost.ShardsMoved} shards free, {lost.WorkerCount} workers",
        LeaseMovedNotice moved => $"{moved.ShardCount} shards of {moved.From} go to {moved.To}: {moved.Reason}",
        ContributionRefusedNotice refused => $"answer of {refused.Worker} to evaluation {refused.Evaluation} refused: {refused.Reason}",
        EvaluationFinishedNotice finished => string.Create(
            CultureInfo.InvariantCulture, $"evaluation {finished.Evaluation} finished in {finished.Elapsed.TotalSeconds:0.###} s"),
        WorkerFaultyNotice { Unverified: var steps } faulty =>
            $"{faulty.Worker} was wrong about shard {faulty.Shard}, {(steps is null ? "all before is verified" : $"steps {steps.First} to {steps.Last} are unverified")}",
        StepTakenNotice step => $"step {step.Summary.Step}",
        CheckpointSavedNotice saved => $"checkpoint of step {saved.Step}: {saved.ByteCount} bytes",
        CheckpointMissedNotice missed => $"no checkpoint of step {missed.Step}: {missed.Reason}",
        TimeRanOutNotice => "the time allowed is over",
        RunFinishedNotice => "the run has its result",
        RunFailedNotice failed => $"the run failed: {failed.Problem.Code}",
        _ => notice.ToString(),
    };
}
