using Akka.Actor;
using DistTrain.Data.Storage;
using DistTrain.Node;
using DistTrain.Node.Compute;
using DistTrain.Node.Hosting;
using DistTrain.Protocol;
using DistTrain.Worker.Actors;
using DistTrain.Worker.Compute;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace DistTrain.Worker.Hosting;

/// <summary>Gives a host workers.</summary>
public static class WorkerHosting
{
    /// <summary>Adds what the workers of this process need; <see cref="StartWorkers(IServiceProvider, ActorSystem)"/> starts them.</summary>
    /// <param name="shards">Where all of them open their shards.</param>
    public static IServiceCollection AddWorkers(
        this IServiceCollection services, IShardSource shards, DatasetManifest manifest, Action<WorkerOptions>? configure = null)
    {
        var options = services.AddOptions<WorkerOptions>().ValidateOnStart();
        if (configure is not null) options.Configure(configure);
        services.AddSingleton<IValidateOptions<WorkerOptions>, WorkerOptions.Validation>();

        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(_ => new ShardComputers(shards, manifest));
        services.AddSingleton<WorkerThreads>();
        return services;
    }

    /// <summary>Starts the workers.</summary>
    public static void StartWorkers(this IServiceProvider provider, ActorSystem system) => system.StartWorkers(
        provider.GetRequiredService<ShardComputers>(),
        provider.GetRequiredService<WorkerThreads>().PerWorker,
        provider.GetRequiredService<TimeProvider>());

    /// <summary>The same without a host.</summary>
    /// <param name="threads">Of each worker; the caller's.</param>
    public static void StartWorkers(this ActorSystem system, ShardComputers computers, IEnumerable<ComputeThreads> threads, TimeProvider time)
    {
        foreach (var (index, own) in threads.Index())
        {
            var name = NodeNames.Worker(index);
            var setting = new WorkerSetting(new WorkerId(name), computers, own, NodeArithmetic.OfSameProcess, time);
            system.ActorOf(ActorProps.Of(() => new WorkerActor(setting, system.ActorSelection(NodeNames.TrainingPath))), name);
        }
    }

    /// <summary>The compute threads of all workers of the process.</summary>
    sealed class WorkerThreads(IOptions<WorkerOptions> options) : IDisposable
    {
        public ComputeThreads[] PerWorker { get; } =
        [
            .. Enumerable.Range(0, options.Value.Count)
                .Select(index => new ComputeThreads(NodeNames.Worker(index), options.Value.ThreadsEach)),
        ];

        public void Dispose()
        {
            foreach (var threads in PerWorker) threads.Dispose();
        }
    }
}
