using Akka.Actor;
using Akka.Hosting;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using DistTrain.Learning;
using DistTrain.Node;
using DistTrain.Node.Blocks;
using DistTrain.Node.Cluster;
using DistTrain.Protocol;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace DistTrain.Worker.Tests.Testing;

/// <summary>A coordinator's node whose part is played by a test: a probe gets what comes to its door and to its gate.</summary>
sealed class PlayedCoordinator(ClusterTimings timings) : IAsyncDisposable
{
    static readonly TimeSpan Deadline = TimeSpan.FromSeconds(40);

    IHost? _host;
    TestKit? _kit;
    int _knocks;

    /// <summary>Whether those who knock are heard; default true.</summary>
    public bool IsDoorOpen { get; set; } = true;

    /// <summary>How often a worker knocked.</summary>
    public int Knocks => _knocks;

    public ActorSystem System => _host!.Services.GetRequiredService<ActorSystem>();

    public NodeEndpoint Endpoint => NodeEndpoint.Of(System);

    /// <summary>Gets everything.</summary>
    public TestProbe Probe { get; private set; } = null!;

    /// <summary>Offers and fetches blocks for the probe.</summary>
    public BlockExchange Exchange { get; private set; } = null!;

    /// <summary>The latest joining that <see cref="AdmitAsync"/> has seen.</summary>
    public WorkerJoining? LastJoining { get; private set; }

    public async Task StartAsync()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddLogging();
        builder.Services.AddBlockPlane(new BlockPlaneOptions());
        builder.Services.AddClusterNode(
            new ClusterNodeOptions { Role = NodeRoles.Coordinator, Timings = timings },
            (akka, _) => akka
                .AddHocon("akka.coordinated-shutdown.run-by-actor-system-terminate = off", HoconAddMode.Prepend)
                .WithActors((system, _) =>
                {
                    _kit = new TestKit(system);
                    Probe = _kit.CreateTestProbe();
                    system.ActorOf(Props.Create(() => new Door(this)), NodeNames.Door);
                }));
        _host = builder.Build();
        await _host.StartAsync();
        var services = _host.Services;
        Exchange = new BlockExchange(
            services.GetRequiredService<BlockStore>(), services.GetRequiredService<IBlockClient>(),
            () => services.GetRequiredService<BlockPlane>().Address, new FetchBudget(FetchBudget.Standard));
    }

    /// <summary>Admits the worker that asks, waits until it has opened the dataset, and gives the gate at its end.</summary>
    public async Task<IActorRef> AdmitAsync(RunId run, Term term, DatasetOffer offer)
    {
        var joining = await ExpectAsync<WorkerJoining>();
        Probe.Reply(new WorkerAdmitted(run, term, joining.Worker, joining.Incarnation, Targets.Plain) { Dataset = offer });
        LastJoining = await ExpectAsync<WorkerJoining>(again => again.DatasetFingerprint == offer.Fingerprint);
        return Probe.Sender;
    }

    /// <summary>The next message of that kind; others are passed over.</summary>
    public async Task<T> ExpectAsync<T>(Func<T, bool>? isWanted = null) =>
        (T)await Probe.FishForMessageAsync(message => message is T wanted && isWanted?.Invoke(wanted) != false, Deadline);

    /// <summary>Waits until something is so.</summary>
    public Task UntilAsync(Func<bool> isSo) => _kit!.AwaitConditionAsync(() => Task.FromResult(isSo()), Deadline);

    public async ValueTask DisposeAsync()
    {
        if (_host is null) return;
        await System.Terminate(); // Without leaving: members that have gone would be waited for.
        _host.Dispose();
    }

    sealed class Door : ReceiveActor
    {
        public Door(PlayedCoordinator coordinator) => ReceiveAny(message =>
        {
            Interlocked.Increment(ref coordinator._knocks);
            if (coordinator.IsDoorOpen) coordinator.Probe.Forward(message);
        });
    }
}
