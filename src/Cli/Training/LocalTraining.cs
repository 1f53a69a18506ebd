using DistTrain.Coordinator.Runs;
using DistTrain.Coordinator.Training;
using DistTrain.Learning;
using DistTrain.Node.CommandLine;
using DistTrain.Training;

namespace DistTrain.Cli.Training;

/// <summary>Runs in this process: a coordinator and workers as actors, without sockets, in a node of their own for each run.</summary>
/// <remarks>The node of the first run starts at once, for reading needs none: the start of an actor system is a third of the time to a small model.</remarks>
sealed class LocalTraining : IJobTrainer, IDisposable
{
    /// <summary>Longest wait for an actor system without sockets; one takes tenths of a second.</summary>
    static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);

    Task<LocalNode>? _next = LocalNode.StartAsync();
    LocalRun? _last;

    /// <summary>At once; while the run's folder is made, the kernels are compiled that its first evaluation would wait for.</summary>
    public Task StandByAsync(PreparedRun prepared, RunFolder folder, CancellationToken stop)
    {
        var classCount = prepared.Dataset.Manifest.ClassCount;
        new Thread(() => ArithmeticSelfTest.Rehearse(classCount)) { IsBackground = true, Name = "rehearsal" }.Start();
        return Task.CompletedTask;
    }

    /// <summary>There are no workers yet.</summary>
    public Task TellEndAsync(RunFolder folder, CancellationToken stop) => Task.CompletedTask;

    /// <inheritdoc/>
    public async Task<TrainingResult> RunAsync(SessionJob session, NoticePump pump, LogFile log, CancellationToken stop)
    {
        if (_last is not null) await _last.EndAsync();
        var node = await TakeNode().WaitAsync(StartTimeout, stop);
        node.LogTo(log);
        _last = new LocalRun(node);
        try
        {
            return await _last.TrainAsync(session, pump, stop);
        }
        catch
        {
            await _last.EndAsync();
            throw;
        }
    }

    /// <summary>Workers end with their node.</summary>
    public void LetWorkersGo()
    {
    }

    /// <summary>
    /// The node of the last run ends by itself, or with the process, and so does one that no run came to need: their results are told, and
    /// nobody waits for them.
    /// </summary>
    public void Dispose()
    {
        if (_last is not null) _ = CommandThread.Run(_last.EndAsync, CancellationToken.None);
        _next?.ContinueWith(
            started => new LocalRun(started.Result).EndAsync(),
            CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
    }

    Task<LocalNode> TakeNode()
    {
        var node = _next ?? LocalNode.StartAsync();
        _next = null;
        return node;
    }
}
