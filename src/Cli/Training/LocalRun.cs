using DistTrain.Coordinator;
using DistTrain.Coordinator.Hosting;
using DistTrain.Coordinator.Training;
using DistTrain.Training;
using DistTrain.Worker.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace DistTrain.Cli.Training;

/// <summary>One run in a node of its own, from its start to the end of its actors and threads.</summary>
/// <param name="node">Owned by the run from now on.</param>
sealed class LocalRun(LocalNode node)
{
    ServiceProvider? _parts;
    bool _isEnded;

    /// <summary>The result of coordinator and workers, whose actors still live then.</summary>
    public async Task<TrainingResult> TrainAsync(SessionJob session, NoticePump pump, CancellationToken stop)
    {
        var job = session.ToTrainingJob();
        _parts = Parts(job, session, pump, node);
        _parts.GetRequiredService<IStartupValidator>().Validate();
        _parts.StartCoordinator(node.System);
        _parts.StartWorkers(node.System);
        return await _parts.GetRequiredService<TrainingOutcome>().UntilStopped(job, node.System.StopTraining, stop);
    }

    /// <summary>Ends all actors, which takes some hundredths of a second and has its deadline; without effect the second time.</summary>
    public async Task EndAsync()
    {
        if (_isEnded) return;
        _isEnded = true;
        using (node)
        {
            await node.StopAsync();
            if (_parts is not null) await _parts.DisposeAsync();
        }
    }

    static ServiceProvider Parts(TrainingJob job, SessionJob session, NoticePump pump, LocalNode node) => new ServiceCollection()
        .AddSingleton(node.Logs)
        .AddLogging()
        .AddSingleton<ITrainingObserver>(pump)
        .AddCoordinator(job, coordinator => (coordinator.MinWorkers, coordinator.MaxTime) = (session.WorkerCount, session.MaxTime))
        .AddWorkers(session.Dataset, session.Dataset.Manifest, workers => workers.Count = session.WorkerCount)
        .BuildServiceProvider();
}
