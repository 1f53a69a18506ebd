using System.Collections.Concurrent;
using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster;
using Akka.Hosting;
using DistTrain.Coordinator.Cluster;
using DistTrain.Coordinator.Hosting;
using DistTrain.Data.Storage;
using DistTrain.Learning;
using DistTrain.Membership;
using DistTrain.Node;
using DistTrain.Node.Blocks;
using DistTrain.Node.Cluster;
using DistTrain.Node.Compute;
using DistTrain.Protocol;
using DistTrain.Training;
using DistTrain.Worker;
using DistTrain.Worker.Actors;
using DistTrain.Worker.Cluster;
using DistTrain.Worker.Compute;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace DistTrain.Coordinator.Tests.Cluster;

/// <summary>
/// Coordinators and workers as hosts of one process: each has an actor system and a data plane of its own, at any free ports, and they talk
/// over sockets as processes do.
/// </summary>
sealed class TestCluster(ClusteredProblem problem) : IAsyncDisposable
{
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    /// <summary>Quick, and patient enough for a busy machine.</summary>
    static readonly ClusterTimings Timings = new()
    {
        HeartbeatInterval = TimeSpan.FromMilliseconds(200),
        HeartbeatPause = TimeSpan.FromSeconds(3),
        StableAfter = TimeSpan.FromSeconds(1),
        RemovalMargin = TimeSpan.FromMilliseconds(100),
        GossipInterval = TimeSpan.FromMilliseconds(100),
        SeedTimeout = TimeSpan.FromMilliseconds(500),
        TermBeat = TimeSpan.FromMilliseconds(200),
    };

    readonly List<IHost> _hosts = [];
    readonly List<ComputeThreads> _threads = [];

    public NoticeList Notices { get; } = new();

    /// <summary>How the coordinator waits; by default for two workers.</summary>
    public CoordinatorOptions Options { get; init; } = new() { MinWorkers = 2, JoinTimeout = Deadline };

    /// <summary>Workers that the coordinator serves and hears directly.</summary>
    public int FanOut { get; init; } = 16;

    /// <summary>Starts a candidate; <paramref name="start"/> in place of beginning the run anew.</summary>
    public async Task<IHost> StartCoordinatorAsync(
        int port = 0, ImmutableArray<string> join = default, Func<IServiceProvider, ConductedRun?>? start = null,
        TimeSpan? joinTimeout = null)
    {
        var options = new ClusterNodeOptions
        {
            Role = NodeRoles.Coordinator,
            Port = port,
            Join = join.IsDefault ? [] : join,
            JoinTimeout = joinTimeout ?? Deadline,
            FanOut = FanOut,
            Timings = Timings,
        };
        return await StartAsync(services => services.AddClusterCoordinator(options, start ?? Begin));
    }

    /// <summary>Starts a worker that knocks at the coordinators, or at a link that stands before them.</summary>
    /// <param name="link">Path of the link on the node of the first coordinator; null: their doors.</param>
    /// <param name="wrongShard">A shard that it computes wrongly; null: none.</param>
    public async Task<IHost> StartWorkerAsync(string name, ImmutableArray<string> join, string? link = null, int? wrongShard = null)
    {
        var options = new ClusterNodeOptions { Role = NodeRoles.Worker, Join = join, Timings = Timings };
        var (compute, encoder) = (new ComputeThreads(name, 1), new ComputeThreads("encoder", 1));
        _threads.AddRange([compute, encoder]);
        return await StartAsync(services => services
            .AddBlockPlane(new BlockPlaneOptions())
            .AddClusterNode(options, (akka, provider) => akka.WithActors((system, registry) =>
            {
                var setting = new CoordinatorGateSetting(
                    DoorsOf(system, options, link), ExchangeOf(provider), () => ModelShape.Of(problem.Dataset.Manifest), encoder, Deaf.Instance);
                var gate = system.ActorOf(Props.Create(() => new CoordinatorGate(setting)), "gate");
                var worker = new WorkerSetting(
                    new WorkerId(name), new OpenComputers(problem.Dataset, wrongShard), compute, NodeArithmetic.Hash, TimeProvider.System)
                {
                    SilenceMax = TimeSpan.FromSeconds(1),
                    BlockAddress = provider.GetRequiredService<BlockPlane>().Address,
                };
                registry.Register<WorkerActor>(system.ActorOf(Props.Create(() => new WorkerActor(worker, gate)), "worker"));
            })));
    }

    public static string EndpointOf(IHost host) => NodeEndpoint.Of(SystemOf(host)).ToString();

    public static ActorSystem SystemOf(IHost host) => host.Services.GetRequiredService<ActorSystem>();

    public static Task<TrainingResult> ResultAsync(IHost coordinator) =>
        coordinator.Services.GetRequiredService<TrainingOutcome>().Result.WaitAsync(Deadline);

    /// <summary>The run as it is conducted by a coordinator of this host.</summary>
    public ConductedRun Conduct(IServiceProvider provider, Term term, TrainerAnswer first, int firstStep = 0, ICheckpointStore? checkpoints = null)
    {
        var manifest = problem.Dataset.Manifest;
        var job = new TrainingJob(new RunId("clustered"), manifest, problem.Training.TargetsOf(manifest), first)
        {
            Term = term,
            FirstStep = firstStep,
            Dataset = problem.OfferFrom(provider.GetRequiredService<BlockPlane>().Address),
            CheckpointStore = checkpoints,
            Computer = new ShardComputer(problem.Dataset, manifest, problem.Training.TargetsOf(manifest)),
            CheckpointPlan = checkpoints is null ? null : new CheckpointPlan { Steps = 1 },
        };
        return new ConductedRun(job, Options, [Notices]);
    }

    /// <summary>Waits until a node sees so many members that are up.</summary>
    public static async Task UpAsync(IHost host, int memberCount)
    {
        var up = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        SystemOf(host).ActorOf(Props.Create(() => new UpWatch(memberCount, up)));
        await up.Task.WaitAsync(Deadline);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in Enumerable.Reverse(_hosts))
        {
            await SystemOf(host).Terminate().WaitAsync(Deadline);
            host.Dispose();
        }
        foreach (var threads in _threads) threads.Dispose();
    }

    ConductedRun Begin(IServiceProvider provider) => Conduct(provider, Term.First, problem.Start());

    async Task<IHost> StartAsync(Action<IServiceCollection> add)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        add(builder.Services);
        var host = builder.Build();
        _hosts.Add(host);
        await host.StartAsync().WaitAsync(Deadline);
        return host;
    }

    static ImmutableArray<ICanTell> DoorsOf(ActorSystem system, ClusterNodeOptions options, string? link)
    {
        ImmutableArray<ActorSelection> doors = [.. options.Candidates.Select(candidate => system.ActorSelection(candidate.Door))];
        return link is null ? [.. doors] : [new ActorSelection(doors[0].Anchor, link)];
    }

    static BlockExchange ExchangeOf(IServiceProvider provider) => new(
        provider.GetRequiredService<BlockStore>(), provider.GetRequiredService<IBlockClient>(),
        () => provider.GetRequiredService<BlockPlane>().Address, new FetchBudget(FetchBudget.Standard));

    /// <summary>A dataset that every worker has.</summary>
    sealed class OpenComputers(Dataset dataset, int? wrongShard) : IComputerSource
    {
        readonly ShardComputers _computers = new(dataset, dataset.Manifest);

        public string? Fingerprint => dataset.Manifest.Fingerprint;

        public ShardSet Cached => ShardSet.Empty;

        public async ValueTask<IShardComputer> OpenAsync(WorkerAdmitted admission, CancellationToken cancellation) =>
            new FaultyComputer(await _computers.OpenAsync(admission, cancellation), wrongShard);
    }

    /// <summary>One bit of the loss of one shard is wrong.</summary>
    sealed class FaultyComputer(IShardComputer computer, int? wrongShard) : IShardComputer
    {
        public ModelShape Shape => computer.Shape;

        public void Compute(EvaluationRequest request, Parameters parameters, ShardId shard, EvaluationSums sums)
        {
            computer.Compute(request, parameters, shard, sums);
            if (shard.Index == wrongShard) sums.Loss += 1;
        }
    }

    sealed class Deaf : IWorkerObserver
    {
        public static Deaf Instance { get; } = new();

        public void Happened(WorkerEvent happened)
        {
        }
    }

    sealed class UpWatch : ReceiveActor
    {
        public UpWatch(int memberCount, TaskCompletionSource up)
        {
            var seen = 0;
            Akka.Cluster.Cluster.Get(Context.System).Subscribe(
                Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, typeof(ClusterEvent.MemberUp));
            Receive<ClusterEvent.MemberUp>(_ =>
            {
                if (++seen == memberCount) up.TrySetResult();
            });
        }
    }

    /// <summary>Everything that happened, readable while it happens.</summary>
    public sealed class NoticeList : ITrainingObserver
    {
        readonly ConcurrentQueue<TrainingNotice> _notices = new();
        readonly ConcurrentBag<(Func<TrainingNotice, bool> Is, TaskCompletionSource Happened)> _awaited = [];

        public ImmutableArray<T> Of<T>() => [.. _notices.OfType<T>()];

        /// <summary>Waits until something happens from now on.</summary>
        public Task WhenAsync(Func<TrainingNotice, bool> isIt)
        {
            var happened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _awaited.Add((isIt, happened));
            return happened.Task.WaitAsync(Deadline);
        }

        public void Happened(TrainingNotice notice)
        {
            _notices.Enqueue(notice);
            foreach (var (isIt, happened) in _awaited)
            {
                if (isIt(notice)) happened.TrySetResult();
            }
        }
    }
}
