using System.Collections.Concurrent;
using DistTrain.Training;

namespace DistTrain.Coordinator.Training;

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
    static readonly TimeSpan EndTimeout = TimeSpan.FromSeconds(5);

    readonly ConcurrentQueue<Exception> _failures = [];
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

    /// <summary>What sinks threw, to be read after the end. A sink that failed once is not told any more; the run goes on.</summary>
    public IReadOnlyCollection<Exception> Failures => _failures;

    /// <summary>Returns when all that was taken is told, or after some seconds: a terminal may be stopped.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.CompleteAdding();
        await Task.WhenAny(_ended.Task, Task.Delay(EndTimeout, _clock));
    }

    void Run()
    {
        var listening = _sinks.ToList();
        foreach (var (time, notice) in _queue.GetConsumingEnumerable()) listening.RemoveAll(sink => !TryTell(sink, time, notice));
        _ended.SetResult();
    }

    bool TryTell(INoticeSink sink, DateTimeOffset time, TrainingNotice notice)
    {
        try
        {
            sink.Take(time, notice);
            return true;
        }
        catch (Exception e)
        {
            _failures.Enqueue(e);
            return false;
        }
    }
}
