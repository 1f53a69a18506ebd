using DistTrain.Membership;

namespace DistTrain.Worker;

/// <summary>Hears what happens to a worker, in its order, on the thread of an actor: to be left at once.</summary>
public interface IWorkerObserver
{
    void Happened(WorkerEvent happened);
}
