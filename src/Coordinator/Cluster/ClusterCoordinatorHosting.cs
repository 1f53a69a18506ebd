using System.Net;
using Akka.Actor;
using Akka.Cluster.Hosting;
using Akka.Hosting;
using DistTrain.Coordinator.Hosting;
using DistTrain.Node;
using DistTrain.Node.Blocks;
using DistTrain.Node.Cluster;
using DistTrain.Node.Compute;
using DistTrain.Node.Hosting;
using DistTrain.Problems;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace DistTrain.Coordinator.Cluster;

/// <summary>Makes a host a coordinator candidate of a cluster.</summary>
public static class ClusterCoordinatorHosting
{
    /// <summary>
    /// Adds a node that conducts a run when its turn has come: its data plane, its actor system, the door that workers knock at, and the
    /// conductor that exists once in the cluster. <see cref="TrainingOutcome"/> tells the end of the run conducted here; every registered
    /// <see cref="ITrainingObserver"/> and those of the run are told what happens on the way.
    /// </summary>
    /// <param name="options">Without problems.</param>
    /// <param name="start">
    /// Takes the run up from its folder: a term, the newest checkpoint, the trainer. Called when this node's turn has come, on a thread of
    /// its own, after the data plane has its address. Null: there is none to conduct. What it throws is the outcome.
    /// </param>
    public static IServiceCollection AddClusterCoordinator(
        this IServiceCollection services, ClusterNodeOptions options, Func<IServiceProvider, ConductedRun?> start)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<TrainingOutcome>();
        services.AddSingleton<ConductorPresence>();
        services.AddSingleton<ConductorThreads>();
        services.AddSingleton<ITrainingObserver, TrainingLog>();
        services.AddSingleton<ITrainingObserver, TrainingMeters>();
        services.AddSingleton(provider => new BlockExchange(
            provider.GetRequiredService<BlockStore>(), provider.GetRequiredService<IBlockClient>(),
            () => provider.GetRequiredService<BlockPlane>().Address, new FetchBudget(FetchBudget.Standard)));
        services.AddBlockPlane(new BlockPlaneOptions { Bind = AddressOf(options.Bind), Host = options.Host, Port = options.HttpPort });
        return services.AddClusterNode(options, (akka, provider) => akka.WithConductor(provider, options, start));
    }

    /// <summary>See <see cref="ConductorPresence.Stop"/>.</summary>
    public static void StopConducting(this IServiceProvider provider, Problem why) =>
        provider.GetRequiredService<ConductorPresence>().Stop(why);

    /// <summary>See <see cref="ConductorPresence.LetWorkersGo"/>.</summary>
    public static void LetWorkersGo(this IServiceProvider provider) => provider.GetRequiredService<ConductorPresence>().LetWorkersGo();

    static void WithConductor(
        this AkkaConfigurationBuilder akka, IServiceProvider provider, ClusterNodeOptions options, Func<IServiceProvider, ConductedRun?> start)
    {
        var singleton = new ClusterSingletonOptions
        {
            Role = NodeRoles.Coordinator,
            TerminationMessage = RunConductor.HandOver.Instance,
            LogSingletonIdentificationFailure = false, // A candidate may wait for long.
        };
        akka.WithSingleton<RunConductor>(NodeNames.Conductor, (_, _, _) => PropsOf(PartsOf(provider, options, start)), singleton);
        akka.WithActors((system, registry) =>
        {
            var conductor = registry.Get<RunConductor>();
            system.ActorOf(ActorProps.Of(() => new CoordinatorDoor(conductor)), NodeNames.Door);
            Watch(system, provider.GetRequiredService<TrainingOutcome>(), options.JoinTimeout);
        });
    }

    /// <summary>Whatever happens to the node, its run's outcome is told.</summary>
    static void Watch(ActorSystem system, TrainingOutcome outcome, TimeSpan joinTimeout)
    {
        system.ActorOf(ActorProps.Of(() => new MembershipWatch(outcome, joinTimeout)), "membership");
        system.WhenTerminated.ContinueWith(
            _ => outcome.Fail(MembershipWatch.Removed()), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    static Props PropsOf(ConductorParts parts) => ActorProps.Of(() => new RunConductor(parts));

    static ConductorParts PartsOf(
        IServiceProvider provider, ClusterNodeOptions options, Func<IServiceProvider, ConductedRun?> start)
    {
        var threads = provider.GetRequiredService<ConductorThreads>();
        return new ConductorParts(
            () => start(provider), threads.Preparing, threads.Trainer, threads.Encoder, provider.GetRequiredService<BlockExchange>(),
            provider.GetRequiredService<PublishedWeights>(), [.. provider.GetServices<ITrainingObserver>()],
            provider.GetRequiredService<TrainingOutcome>(), provider.GetRequiredService<ConductorPresence>(),
            provider.GetRequiredService<TimeProvider>(), options.Timings.TermBeat, options.FanOut);
    }

    static IPAddress AddressOf(string bind) => IPAddress.TryParse(bind, out var address) ? address : IPAddress.Loopback;

    /// <summary>What a conductor does away from its mailbox.</summary>
    sealed class ConductorThreads : IDisposable
    {
        public ComputeThreads Preparing { get; } = new("preparing", 1);

        public ComputeThreads Trainer { get; } = new("trainer", 1);

        public ComputeThreads Encoder { get; } = new("encoder", 1);

        public void Dispose()
        {
            Preparing.Dispose();
            Trainer.Dispose();
            Encoder.Dispose();
        }
    }
}
