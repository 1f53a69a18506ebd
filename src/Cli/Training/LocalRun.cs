using DistTrain.Coordinator;
using DistTrain.Coordinator.Hosting;
using DistTrain.Coordinator.Training;
using DistTrain.Node;
using DistTrain.Node.Compute;
using DistTrain.Training;
using DistTrain.Worker.Compute;
using DistTrain.Worker.Hosting;
using Microsoft.Extensions.Logging;

namespace DistTrain.Cli.Training;

/// <summary>One run in a node of its own, from its start to the end of its actors and threads.</summary>
/// <param name="node">Owned by the run from now on.</param>
sealed class LocalRun(LocalNode node)
{
    readonly List<ComputeThreads> _threads = [];
    bool _isEnded;

    /// <summary>The result of coordinator and workers, whose actors still live then.</summary>
    public async Task<TrainingResult> TrainAsync(SessionJob session, NoticePump pump, CancellationToken stop)
    {
        var (job, outcome, time) = (session.ToTrainingJob(), new TrainingOutcome(), TimeProvider.System);
        var options = new CoordinatorOptions { MinWorkers = session.WorkerCount, MaxTime = session.MaxTime };
        options.RequireValid(job);
        var log = new TrainingLog(node.Logs.CreateLogger<TrainingLog>(), time);
        node.System.StartCoordinator(job, options, OneThread("trainer"), [pump, log], outcome, time);
        var workers = Enumerable.Range(0, session.WorkerCount).Select(index => OneThread(NodeNames.Worker(index)));
        node.System.StartWorkers(new ShardComputers(session.Dataset, session.Dataset.Manifest), workers, time);
        return await outcome.UntilStopped(job, node.System.StopTraining, stop);
    }

    /// <summary>Ends all actors, which takes some hundredths of a second and has its deadline; without effect the second time.</summary>
    public async Task EndAsync()
    {
        if (_isEnded) return;
        _isEnded = true;
        using (node)
        {
            await node.StopAsync();
            foreach (var threads in _threads) threads.Dispose();
        }
    }

    ComputeThreads OneThread(string name)
    {
        var threads = new ComputeThreads(name, 1);
        _threads.Add(threads);
        return threads;
    }
}
