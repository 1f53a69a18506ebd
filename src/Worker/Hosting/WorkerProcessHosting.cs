using System.Collections.Immutable;
using System.Net;
using DistTrain.Membership;
using DistTrain.Node;
using DistTrain.Node.Blocks;
using DistTrain.Node.Cluster;
using DistTrain.Node.Compute;
using DistTrain.Worker.Cluster;
using DistTrain.Worker.Lives;
using DistTrain.Worker.Shards;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace DistTrain.Worker.Hosting;

/// <summary>Makes a host the process of one worker that joins a coordinator elsewhere.</summary>
public static class WorkerProcessHosting
{
    /// <summary>Bytes that a worker fetches at once: parameters, and a shard or two.</summary>
    const long FetchBytesMax = FetchBudget.Standard;

    /// <summary>
    /// Adds what such a process has as long as it lives: data plane, compute threads, open dataset; and the <see cref="WorkerProcess"/>, which
    /// is run by whoever made the host.
    /// </summary>
    /// <param name="options">Without problems; the cache an absolute path.</param>
    public static IServiceCollection AddWorkerProcess(this IServiceCollection services, ClusterNodeOptions options)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddBlockPlane(new BlockPlaneOptions { Bind = AddressOf(options.Bind), Host = options.Host, Port = options.HttpPort });
        services.AddSingleton(provider => new BlockExchange(
            provider.GetRequiredService<BlockStore>(), provider.GetRequiredService<IBlockClient>(),
            () => provider.GetRequiredService<BlockPlane>().Address, new FetchBudget(FetchBytesMax)));
        services.AddSingleton(_ => new WorkerThreads(options.Threads));
        services.TryAddSingleton<IDatasetOpener>(provider =>
            new ShardCache(new ShardCacheOptions { Folder = CacheOf(options) }, provider.GetRequiredService<IBlockClient>()));
        services.AddSingleton<DatasetComputers>();
        services.AddSingleton<WorkerLog>();
        services.AddSingleton<IWorkerObserver>(provider => provider.GetRequiredService<WorkerLog>());
        services.AddSingleton<IWorkerObserver, WorkerReadiness>();
        return services.AddSingleton(provider => ProcessOf(provider, options));
    }

    static WorkerProcess ProcessOf(IServiceProvider provider, ClusterNodeOptions options)
    {
        var (computers, time) = (provider.GetRequiredService<DatasetComputers>(), provider.GetRequiredService<TimeProvider>());
        var life = new WorkerLifeOptions([.. options.Candidates.Select(candidate => candidate.ToString())])
        {
            SilenceMax = options.Timings.TermSilence,
            JoinTimeout = options.JoinTimeout,
            Stay = options.Stay,
        };
        var observers = provider.GetServices<IWorkerObserver>().ToImmutableArray();
        return new WorkerProcess(life, NodesOf(provider, options), observers, time, computers.Forget);
    }

    static ClusterWorkerNodes NodesOf(IServiceProvider provider, ClusterNodeOptions options)
    {
        var computers = provider.GetRequiredService<DatasetComputers>();
        var (threads, exchange) = (provider.GetRequiredService<WorkerThreads>(), provider.GetRequiredService<BlockExchange>());
        var address = provider.GetRequiredService<BlockPlane>().Address;
        var worker = new WorkerSetting(
            WorkerNames.Of(options), computers, threads.Compute, NodeArithmetic.Hash, provider.GetRequiredService<TimeProvider>())
        {
            BlockAddress = address,
        };
        provider.GetRequiredService<WorkerLog>().Started(worker.Id.Name, string.Join(", ", options.Candidates), options.Threads, address);
        return new ClusterWorkerNodes(
            options, worker, (doors, observer) => new CoordinatorGateSetting(doors, exchange, () => computers.Shape, threads.Encoder, observer),
            provider.GetRequiredService<ILoggerFactory>());
    }

    /// <summary>Files are kept by their hash, so that all workers of a user can share one folder.</summary>
    static string CacheOf(ClusterNodeOptions options) =>
        options.Cache ?? Path.Combine(Path.GetTempPath(), $"disttrain-cache-{Environment.UserName}");

    static IPAddress AddressOf(string bind) => IPAddress.TryParse(bind, out var address) ? address : IPAddress.Loopback;

    /// <summary>What a worker does away from its mailbox.</summary>
    sealed class WorkerThreads(int computeCount) : IDisposable
    {
        public ComputeThreads Compute { get; } = new("compute", computeCount);

        public ComputeThreads Encoder { get; } = new("encoder", 1);

        public void Dispose()
        {
            Compute.Dispose();
            Encoder.Dispose();
        }
    }
}
