using DistTrain.Coordinator;
using DistTrain.Coordinator.Hosting;
using DistTrain.Coordinator.Runs;
using DistTrain.Coordinator.Training;
using DistTrain.Training;
using DistTrain.Worker.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace DistTrain.Cli.Training;

/// <summary>Runs in this process: a coordinator and workers as actors, without sockets, in a node of their own for each run.</summary>
/// <remarks>The node of the first run starts at once, for reading needs none: the start of an actor system is a third of the time to a small model.</remarks>
sealed class LocalTraining : IJobTrainer, IDisposable
{
    /// <summary>Longest wait for an actor system without sockets; one takes tenths of a second.</summary>
    static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);

    Task<LocalNode>? _next = LocalNode.StartAsync();

    /// <inheritdoc/>
    public Task StandByAsync(PreparedRun prepared, RunFolder folder, CancellationToken stop) => Task.CompletedTask;

    /// <summary>There are no workers yet.</summary>
    public Task TellEndAsync(RunFolder folder, CancellationToken stop) => Task.CompletedTask;

    /// <inheritdoc/>
    public async Task<TrainingResult> RunAsync(SessionJob session, NoticePump pump, LogFile log, CancellationToken stop)
    {
        var job = session.ToTrainingJob();
        using var node = await TakeNode().WaitAsync(StartTimeout, stop);
        node.LogTo(log);
        await using var parts = Parts(job, session, pump, node);
        try
        {
            parts.GetRequiredService<IStartupValidator>().Validate();
            parts.StartCoordinator(node.System);
            parts.StartWorkers(node.System);
            return await parts.GetRequiredService<TrainingOutcome>().UntilStopped(job, node.System.StopTraining, stop);
        }
        finally
        {
            await node.StopAsync();
        }
    }

    /// <summary>Workers have ended with their node.</summary>
    public void LetWorkersGo()
    {
    }

    /// <summary>A node that no run came to need ends by itself, or with the process.</summary>
    public void Dispose() =>
        _next?.ContinueWith(
            async started =>
            {
                using var node = started.Result;
                await node.StopAsync();
            },
            CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);

    Task<LocalNode> TakeNode()
    {
        var node = _next ?? LocalNode.StartAsync();
        _next = null;
        return node;
    }

    static ServiceProvider Parts(TrainingJob job, SessionJob session, NoticePump pump, LocalNode node) => new ServiceCollection()
        .AddSingleton(node.Logs)
        .AddLogging()
        .AddSingleton<ITrainingObserver>(pump)
        .AddCoordinator(job, coordinator => (coordinator.MinWorkers, coordinator.MaxTime) = (session.WorkerCount, session.MaxTime))
        .AddWorkers(session.Dataset, session.Dataset.Manifest, workers => workers.Count = session.WorkerCount)
        .BuildServiceProvider();
}
