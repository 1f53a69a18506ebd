using Akka.Actor;
using Akka.Hosting;
using DistTrain.Node.Cluster;
using DistTrain.Worker.Actors;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace DistTrain.Worker.Lives;

/// <summary>One actor system, in a host of its own so that it can end while the process goes on.</summary>
sealed class ClusterWorkerNode(IHost host, ClusterTimings timings) : IWorkerNode
{
    static readonly TimeSpan HandBackTimeout = TimeSpan.FromSeconds(2);
    static readonly TimeSpan BreakOffTimeout = TimeSpan.FromSeconds(2);

    /// <summary>Longest wait for the cluster to take note of the leaving.</summary>
    TimeSpan LeaveTimeout => timings.SeedTimeout + TimeSpan.FromSeconds(4);

    public async Task LeaveAsync()
    {
        await QuietlyAsync(HandBackAsync, HandBackTimeout);
        await QuietlyAsync(() => host.StopAsync(), LeaveTimeout);
        await BreakOffAsync();
    }

    public async Task BreakOffAsync()
    {
        await QuietlyAsync(() => System.Terminate(), BreakOffTimeout);
        Abandon();
    }

    /// <summary>Frees what it holds, on a thread of its own: a system that does not end would hold up whoever disposes of it.</summary>
    public void Abandon() => new Thread(host.Dispose) { IsBackground = true, Name = "abandoned node" }.Start();

    ActorSystem System => host.Services.GetRequiredService<ActorSystem>();

    /// <summary>A worker that stops says so; its gate, which stops later, passes it on.</summary>
    Task<bool> HandBackAsync() => host.Services.GetRequiredService<ActorRegistry>().Get<WorkerActor>().GracefulStop(HandBackTimeout);

    /// <summary>Nothing is to be done about a system that does not end as it should, or has ended before.</summary>
    static async Task QuietlyAsync(Func<Task> end, TimeSpan deadline)
    {
        try
        {
            await end().WaitAsync(deadline);
        }
        catch (Exception)
        {
            return;
        }
    }
}
