using System.Collections.Immutable;
using System.Threading.Channels;
using DistTrain.Membership;
using DistTrain.Problems;

namespace DistTrain.Worker.Lives;

/// <summary>
/// A worker's process from start to end: one actor system after the other, each given up when it is of no use any more, until the run is
/// over. What is expensive, open shards and compute threads, stays.
/// </summary>
/// <param name="observers">Told all that happens, in every actor system.</param>
/// <param name="forget">Lets the dataset go that the last run was about; called between runs.</param>
public sealed class WorkerProcess(
    WorkerLifeOptions options, IWorkerNodes nodes, ImmutableArray<IWorkerObserver> observers, TimeProvider time, Action forget)
{
    /// <summary>How often it looks at the clock.</summary>
    static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(250);

    readonly long _startedAt = time.GetTimestamp();

    /// <summary>Works until the run is over, or nothing is to be hoped for.</summary>
    /// <returns>What it ends with; null where the run is over.</returns>
    /// <exception cref="OperationCanceledException">It was told to stop; it has handed its leases back and left.</exception>
    public async Task<Problem?> RunAsync(CancellationToken stop)
    {
        for (var life = new WorkerLife(options); ;)
        {
            (life, var verdict) = await LiveAsync(life, stop);
            if (verdict is EndProcess end) return end.Problem;
            if (life.AwaitsNextRun) forget();
            await Task.Delay(((StartAnew)verdict).Wait, time, stop);
        }
    }

    async Task<(WorkerLife Life, WorkerVerdict Verdict)> LiveAsync(WorkerLife life, CancellationToken stop)
    {
        var events = new Events(observers);
        var node = await TryStartAsync(events, stop);
        WorkerVerdict verdict = GoOn.Instance;
        try
        {
            while (verdict is GoOn)
            {
                var happened = await events.NextAsync(time, stop);
                (life, verdict) = life.Handle(time.GetElapsedTime(_startedAt), happened);
            }
            if (verdict is StartAnew anew && !life.AwaitsNextRun) events.Happened(new SystemGivenUp(anew.Reason));
            return (life, verdict);
        }
        finally
        {
            await (verdict is StartAnew && !life.AwaitsNextRun ? node.BreakOffAsync() : node.LeaveAsync());
        }
    }

    /// <summary>A system that cannot start is as good as one that is lost at once.</summary>
    async Task<IWorkerNode> TryStartAsync(Events events, CancellationToken stop)
    {
        try
        {
            return await nodes.StartAsync(events, stop);
        }
        catch (Exception cause) when (cause is not (DistTrainException or OperationCanceledException))
        {
            events.Happened(new SystemLost($"it could not start: {cause.Message}"));
            return new NoNode();
        }
    }

    /// <summary>What happens in one actor system, from any thread, in order; the next system has events of its own.</summary>
    sealed class Events(ImmutableArray<IWorkerObserver> observers) : IWorkerObserver
    {
        readonly Channel<WorkerEvent> _waiting = Channel.CreateUnbounded<WorkerEvent>(new UnboundedChannelOptions { SingleReader = true });

        public void Happened(WorkerEvent happened)
        {
            foreach (var observer in observers) observer.Happened(happened);
            _waiting.Writer.TryWrite(happened);
        }

        /// <summary>What happened next, or that time passed.</summary>
        public async Task<WorkerEvent> NextAsync(TimeProvider time, CancellationToken stop)
        {
            if (_waiting.Reader.TryRead(out var happened)) return happened;
            using var tick = new CancellationTokenSource(Tick, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(tick.Token, stop);
            try
            {
                return await _waiting.Reader.ReadAsync(either.Token);
            }
            catch (OperationCanceledException) when (!stop.IsCancellationRequested)
            {
                return TimePassed.Instance;
            }
        }
    }

    sealed class NoNode : IWorkerNode
    {
        public Task LeaveAsync() => Task.CompletedTask;

        public Task BreakOffAsync() => Task.CompletedTask;
    }
}
