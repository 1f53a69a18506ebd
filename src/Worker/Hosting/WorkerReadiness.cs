using DistTrain.Membership;
using DistTrain.Node.Blocks;

namespace DistTrain.Worker.Hosting;

/// <summary>Says to those who probe whether the worker belongs to a run, and if not, why.</summary>
sealed class WorkerReadiness(NodeReadiness readiness) : IWorkerObserver
{
    public void Happened(WorkerEvent happened)
    {
        switch (happened)
        {
            case WorkerBelongs: readiness.IsReady(); break;
            case WorkerSentAway away: readiness.IsNotReady($"sent away by the coordinator: {away.Reason}"); break;
            case RunOver over: readiness.IsNotReady($"run {over.Run} is over"); break;
            case SystemGivenUp given: readiness.IsNotReady(given.Reason); break;
        }
    }
}
