using DistTrain.Problems;

namespace DistTrain.Worker.Lives;

/// <summary>Starts actor systems with a worker in each; one lives at a time.</summary>
public interface IWorkerNodes
{
    /// <summary>Starts one.</summary>
    /// <param name="observer">Hears what happens to it until it has stopped, on any thread.</param>
    /// <exception cref="DistTrainException">It cannot start, and trying again would not change that.</exception>
    Task<IWorkerNode> StartAsync(IWorkerObserver observer, CancellationToken cancellation);
}

/// <summary>An actor system with a worker in it.</summary>
public interface IWorkerNode
{
    /// <summary>Hands the worker's leases back, leaves the cluster, and ends; for at most some seconds. Does not fail.</summary>
    Task LeaveAsync();

    /// <summary>Ends at once, whatever state it is in; for at most two seconds. Does not fail.</summary>
    Task BreakOffAsync();
}
