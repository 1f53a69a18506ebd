using Akka.Actor;
using DistTrain.Coordinator.Cluster;
using DistTrain.Coordinator.Datasets;
using DistTrain.Coordinator.Files;
using DistTrain.Coordinator.Hosting;
using DistTrain.Coordinator.Runs;
using DistTrain.Formats.Datasets;
using DistTrain.Node.Blocks;
using DistTrain.Node.Cluster;
using DistTrain.Node.CommandLine;
using DistTrain.Node.Hosting;
using DistTrain.Problems;
using DistTrain.Protocol;
using DistTrain.Training;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace DistTrain.Coordinator.Training;

/// <summary>
/// A run by the workers of a cluster: this process is a candidate for its coordinator, waits for its turn, and then conducts. One session
/// only.
/// </summary>
/// <param name="minWorkers">Workers to wait for before the first evaluation.</param>
/// <param name="logs">The form of log lines on stderr; null: none there.</param>
sealed class ClusterTraining(ClusterNodeOptions node, int minWorkers, LogFormat? logs, Talk talk)
    : IJobTrainer, IAsyncDisposable
{
    /// <summary>Longest wait for actors and data plane to end, so that what was last said arrives.</summary>
    static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(15);

    /// <summary>Workers that lost their coordinator ask about every 2 s: all of them, twice.</summary>
    static readonly TimeSpan FarewellTime = TimeSpan.FromSeconds(5);

    /// <summary>This process's turn has come.</summary>
    readonly TaskCompletionSource _turn = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What it conducts then.</summary>
    readonly TaskCompletionSource<ConductedRun?> _run = new(TaskCreationOptions.RunContinuationsAsynchronously);

    IHost? _host;
    DatasetOffer? _offer;

    /// <summary>Writes the dataset for workers to read, starts this process's node, and waits for its turn.</summary>
    /// <exception cref="DistTrainException">
    /// DT3034: a port is not to be had. DT5003: this process is no candidate any more. What workers need could not be written.
    /// </exception>
    public async Task StandByAsync(PreparedRun prepared, RunFolder folder, CancellationToken stop)
    {
        var (shards, written) = await CommandThread.Run(() => ShardsFor(prepared, folder), stop);
        _host = Build();
        var services = _host.Services;
        shards.Publish(written, services.GetRequiredService<PublishedFiles>());
        await StartAsync(_host, stop);
        var plane = services.GetRequiredService<BlockPlane>();
        _offer = shards.Offer(written, [plane.Address]);
        Tell(NodeEndpoint.Of(services.GetRequiredService<ActorSystem>()), plane.Address);
        services.GetRequiredService<NodeReadiness>().IsReady();

        var outcome = services.GetRequiredService<TrainingOutcome>().Result;
        if (await Task.WhenAny(_turn.Task, outcome).WaitAsync(stop) == outcome) await outcome;
    }

    /// <summary>The dataset as files: those that it was read from, else written into the run folder.</summary>
    static (DatasetFolder, WrittenDataset) ShardsFor(PreparedRun prepared, RunFolder folder)
    {
        if (prepared.Input.Stored is { } stored) return (new DatasetFolder(Disk.Instance, stored.Path, stored.Shown), stored.Files);
        var shards = new DatasetFolder(Disk.Instance, folder.ShardsPath, folder.ShardsShown);
        return (shards, shards.Write(prepared.Dataset, prepared.Input.Origin));
    }

    /// <inheritdoc/>
    public async Task TellEndAsync(RunFolder folder, CancellationToken stop)
    {
        _host!.Services.GetRequiredService<ConductorPresence>().End(new RunId(Path.GetFileName(folder.FullPath)));
        _run.SetResult(null);
        await Task.Delay(FarewellTime, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <inheritdoc/>
    public async Task<TrainingResult> RunAsync(SessionJob session, NoticePump pump, LogFile log, CancellationToken stop)
    {
        var services = _host!.Services;
        services.GetRequiredService<ILoggerFactory>().AddProvider(log);
        var job = session.ToTrainingJob() with { Dataset = _offer };
        var options = new CoordinatorOptions
        {
            MinWorkers = minWorkers,
            JoinTimeout = node.JoinTimeout,
            MaxTime = session.MaxTime,
            Audit = node.Audit,
        };
        _run.SetResult(new ConductedRun(job, options, [pump]));
        return await services.GetRequiredService<TrainingOutcome>().UntilStopped(job, services.StopConducting, stop);
    }

    /// <inheritdoc/>
    public void LetWorkersGo() => _host!.Services.LetWorkersGo();

    /// <summary>Leaves the cluster.</summary>
    public async ValueTask DisposeAsync()
    {
        _run.TrySetResult(null);
        if (_host is null) return;
        await _host.StopAsync(CancellationToken.None);
        _host.Dispose();
    }

    IHost Build()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.SetMinimumLevel(LogLevel.Debug);
        if (logs is { } format) builder.Logging.AddNodeLogging(format);
        builder.Logging.AddFilter<LogFile>(null, LogLevel.Debug);
        builder.Services
            .Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownTimeout)
            .AddSingleton<IHostLifetime, ProgramLifetime>()
            .AddClusterCoordinator(node, _ => TakeTurn());
        return builder.Build();
    }

    /// <summary>On a thread of the conductor's, which waits here for the session to take up the run.</summary>
    ConductedRun? TakeTurn()
    {
        if (!_turn.TrySetResult()) return null; // A second turn in one process: the run is in other hands meanwhile.
        return _run.Task.GetAwaiter().GetResult();
    }

    async Task StartAsync(IHost host, CancellationToken stop)
    {
        try
        {
            await host.StartAsync(stop);
        }
        catch (Exception e) when (ListenProblem.In(e, node) is { } problem)
        {
            throw problem.AsException(e);
        }
    }

    void Tell(NodeEndpoint here, string dataAddress)
    {
        talk.Note("cluster", $"actors at {here}, data and health at {dataAddress}");
        if (node.Candidates.Length > 1) talk.Note("candidate", $"one of {node.Candidates.Length}: conducts the run when its turn comes");
        var join = node.Candidates.IsEmpty ? here.ToString() : string.Join(',', node.Candidates);
        talk.Say("worker", $"disttrain worker --join {join}{(node.Insecure ? " --insecure" : "")}");
    }
}
