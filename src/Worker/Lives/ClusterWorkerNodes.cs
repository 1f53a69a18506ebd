using System.Collections.Immutable;
using Akka.Actor;
using Akka.Hosting;
using DistTrain.Node;
using DistTrain.Node.Cluster;
using DistTrain.Node.Hosting;
using DistTrain.Problems;
using DistTrain.Worker.Actors;
using DistTrain.Worker.Cluster;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DistTrain.Worker.Lives;

/// <summary>Actor systems that are members of a cluster, each with a worker and its gate to the coordinator.</summary>
/// <param name="worker">What the worker is made of; its observer is replaced by that of each system.</param>
/// <param name="gateOf">What the gate needs, given its doors and observer.</param>
public sealed class ClusterWorkerNodes(
    ClusterNodeOptions options, WorkerSetting worker, Func<ImmutableArray<ICanTell>, IWorkerObserver, CoordinatorGateSetting> gateOf,
    ILoggerFactory logs) : IWorkerNodes
{
    /// <summary>Longest wait for a system to listen.</summary>
    static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(20);

    bool _hasStarted;

    /// <exception cref="DistTrainException">
    /// DT3034: a port is not to be had. Only the first time: later it may be that the system before has not let go of it yet.
    /// </exception>
    public async Task<IWorkerNode> StartAsync(IWorkerObserver observer, CancellationToken cancellation)
    {
        var host = Build(observer);
        var node = new ClusterWorkerNode(host, options.Timings);
        try
        {
            await host.StartAsync(cancellation).WaitAsync(StartTimeout, cancellation);
            _hasStarted = true;
            return node;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Its actors may be at work already, and the worker have leases to hand back.
            await node.LeaveAsync();
            throw;
        }
        catch (Exception failure)
        {
            node.Abandon();
            if (!_hasStarted && ListenProblem.In(failure, options) is { } problem) throw problem.AsException(failure);
            throw;
        }
    }

    IHost Build(IWorkerObserver observer)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services
            .AddSingleton(logs)
            .AddSingleton<IHostLifetime, ProgramLifetime>()
            .AddClusterNode(options, (akka, _) => akka
                .AddHocon("akka.coordinated-shutdown.run-by-actor-system-terminate = off", HoconAddMode.Prepend)
                .WithActors((system, registry) => StartActors(system, registry, observer)));
        return builder.Build();
    }

    void StartActors(ActorSystem system, IActorRegistry registry, IWorkerObserver observer)
    {
        SystemWatch.Start(system, observer);
        ImmutableArray<ICanTell> doors = [.. options.Candidates.Select(candidate => system.ActorSelection(candidate.Door))];
        var gateSetting = gateOf(doors, observer);
        var gate = system.ActorOf(ActorProps.Of(() => new CoordinatorGate(gateSetting)), NodeNames.Gate);
        var setting = worker with { Observer = observer };
        registry.Register<WorkerActor>(system.ActorOf(ActorProps.Of(() => new WorkerActor(setting, gate)), NodeNames.LoneWorker));
    }
}
