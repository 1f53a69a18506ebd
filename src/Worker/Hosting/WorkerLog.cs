using DistTrain.Membership;
using Microsoft.Extensions.Logging;

namespace DistTrain.Worker.Hosting;

/// <summary>A worker's process in the log: each admission, refusal, dataset and new beginning. Numbers of events are for good.</summary>
public sealed partial class WorkerLog(ILogger<WorkerLog> logger) : IWorkerObserver
{
    public void Happened(WorkerEvent happened)
    {
        switch (happened)
        {
            case WorkerBelongs belongs: Joined(belongs.Run.Name, belongs.Term.Number); break;
            case WorkerSentAway away: SentAway(away.Reason); break;
            case WorkerTurnedDown turned: TurnedDown(turned.Reason); break;
            case DatasetOpened opened: Opened(opened.Fingerprint, opened.Elapsed.TotalSeconds); break;
            case DatasetDelayed delayed: Delayed(delayed.Reason); break;
            case DatasetFailed failed: Unreadable(failed.Problem.Code, failed.Problem.Message); break;
            case RunOver over: Over(over.Run.Name); break;
            case SystemGivenUp given: GivenUp(given.Reason); break;
        }
    }

    [LoggerMessage(2001, LogLevel.Information, "{Worker} asks {Coordinators} to join: threads {Threads}, data at {Address}")]
    public partial void Started(string worker, string coordinators, int threads, string address);

    [LoggerMessage(2002, LogLevel.Information, "Joined run {Run}, term {Term}")]
    partial void Joined(string run, long term);

    [LoggerMessage(2003, LogLevel.Warning, "Sent away by the coordinator, asks again: {Reason}")]
    partial void SentAway(string reason);

    [LoggerMessage(2004, LogLevel.Error, "Refused by the coordinator: {Reason}")]
    partial void TurnedDown(string reason);

    [LoggerMessage(2005, LogLevel.Information, "Dataset {Fingerprint} is open, {Seconds} s")]
    partial void Opened(string fingerprint, double seconds);

    [LoggerMessage(2006, LogLevel.Warning, "The dataset could not be opened, tries again: {Reason}")]
    partial void Delayed(string reason);

    [LoggerMessage(2007, LogLevel.Error, "The dataset cannot be opened: {Code}: {Problem}")]
    partial void Unreadable(string code, string problem);

    [LoggerMessage(2008, LogLevel.Information, "Run {Run} is over")]
    partial void Over(string run);

    [LoggerMessage(2009, LogLevel.Warning, "Begins anew with a fresh actor system: {Reason}")]
    partial void GivenUp(string reason);

    [LoggerMessage(2010, LogLevel.Information, "Hands its leases back and leaves")]
    public partial void Leaving();
}
