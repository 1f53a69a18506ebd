using System.Collections.Concurrent;
using DistTrain.Coordinator;
using DistTrain.Training;

namespace DistTrain.Cli.Training;

/// <summary>Somebody who wants to know what happens in a run; told in order, never by two threads at once.</summary>
interface INoticeSink
{
    void Take(DateTimeOffset time, TrainingNotice notice);
}

/// <summary>
/// Between the actors, who must not wait, and those who write: a queue with a thread of its own. The shared pool, where mailboxes and
/// signals are handled, never writes to a disk or a terminal.
/// </summary>
sealed class NoticePump : ITrainingObserver, IAsyncDisposable
{
    readonly BlockingCollection<(DateTimeOffset Time, TrainingNotice Notice)> _queue = [];
    readonly TimeProvider _clock;
    readonly IReadOnlyList<INoticeSink> _sinks;
    readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public NoticePump(TimeProvider clock, params IReadOnlyList<INoticeSink> sinks)
    {
        (_clock, _sinks) = (clock, sinks);
        new Thread(Run) { IsBackground = true, Name = "notices" }.Start();
    }

    /// <summary>Takes a notice and its time; never waits.</summary>
    public void Happened(TrainingNotice notice)
    {
        try
        {
            _queue.Add((_clock.GetUtcNow(), notice));
        }
        catch (InvalidOperationException)
        {
            // Ended or disposed of: the actors may live a little longer than those who watch them.
        }
    }

    /// <summary>Returns when all that was taken is told; throws what a sink threw.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.CompleteAdding();
        await _ended.Task;
        _queue.Dispose();
    }

    void Run()
    {
        Exception? failure = null;
        foreach (var (time, notice) in _queue.GetConsumingEnumerable())
        {
            if (failure is null) failure = Tell(time, notice);
        }
        if (failure is null) _ended.SetResult();
        else _ended.SetException(failure);
    }

    /// <summary>What went wrong, or null. After the first failure notices are dropped: the run must not wait for a full disk.</summary>
    Exception? Tell(DateTimeOffset time, TrainingNotice notice)
    {
        try
        {
            foreach (var sink in _sinks) sink.Take(time, notice);
            return null;
        }
        catch (Exception e)
        {
            return e;
        }
    }
}
