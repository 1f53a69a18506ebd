using System.Collections.Concurrent;
using System.Diagnostics;

namespace DistTrain.Node.Compute;

/// <summary>
/// A fixed number of threads of their own for arithmetic, so that the shared thread pool, which runs the mailboxes, never waits for it.
/// Work is taken in the order given.
/// </summary>
public sealed class ComputeThreads : IDisposable
{
    static readonly TimeSpan JoinDeadline = TimeSpan.FromSeconds(5);

    readonly BlockingCollection<Job> _jobs;
    readonly CancellationTokenSource _stopping = new();
    readonly Thread[] _threads;
    int _disposed;

    /// <param name="name">What the threads are called in debuggers and traces.</param>
    /// <param name="count">Threads, at least 1.</param>
    /// <param name="queueCapacity">Most jobs that wait; one more is refused.</param>
    public ComputeThreads(string name, int count, int queueCapacity = 1024)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        _jobs = new BlockingCollection<Job>(queueCapacity);
        _threads = [.. Enumerable.Range(0, count).Select(i => new Thread(Work) { IsBackground = true, Name = $"{name}-{i}" })];
        foreach (var thread in _threads) thread.Start();
    }

    public int Count => _threads.Length;

    /// <summary>
    /// Has <paramref name="work"/> done by one of the threads. The token is cancelled by <see cref="Dispose"/>. The task fails with what
    /// the work throws, with <see cref="InvalidOperationException"/> where the queue is full, and is cancelled where the work never began.
    /// </summary>
    /// <remarks>What continues the task runs on the compute thread: keep it to sending a message.</remarks>
    public Task<T> Run<T>(Func<CancellationToken, T> work)
    {
        var job = new Job<T>(work);
        try
        {
            if (!_jobs.TryAdd(job)) job.Refuse(new InvalidOperationException("The queue of the compute threads is full."));
        }
        catch (InvalidOperationException) when (_jobs.IsAddingCompleted)
        {
            job.Cancel();
        }
        catch (ObjectDisposedException)
        {
            job.Cancel();
        }
        return job.Task;
    }

    /// <summary>Cancels what waits and runs, and joins the threads, for at most five seconds altogether.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        _stopping.Cancel();
        _jobs.CompleteAdding();

        var started = Stopwatch.GetTimestamp();
        var allJoined = true;
        foreach (var thread in _threads.Where(thread => thread != Thread.CurrentThread))
        {
            var left = JoinDeadline - Stopwatch.GetElapsedTime(started);
            allJoined &= thread.Join(left > TimeSpan.Zero ? left : TimeSpan.Zero);
        }
        if (!allJoined || _threads.Contains(Thread.CurrentThread)) return; // A thread that still runs uses them: left to the collector.
        _jobs.Dispose();
        _stopping.Dispose();
    }

    void Work()
    {
        foreach (var job in _jobs.GetConsumingEnumerable())
        {
            if (_stopping.IsCancellationRequested) job.Cancel();
            else job.Run(_stopping.Token);
        }
    }

    abstract class Job
    {
        public abstract void Run(CancellationToken stopping);

        public abstract void Cancel();
    }

    /// <remarks>Whoever waits for the next job still holds the last one, but not what that worked with.</remarks>
    sealed class Job<T>(Func<CancellationToken, T> work) : Job
    {
        readonly TaskCompletionSource<T> _completion = new();
        Func<CancellationToken, T>? _work = work;

        public Task<T> Task => _completion.Task;

        public override void Run(CancellationToken stopping)
        {
            try
            {
                _completion.TrySetResult(Take()(stopping));
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                Cancel();
            }
            catch (Exception error)
            {
                Refuse(error);
            }
        }

        public override void Cancel() => _completion.TrySetCanceled();

        Func<CancellationToken, T> Take()
        {
            var work = _work!;
            _work = null;
            return work;
        }

        public void Refuse(Exception error) => _completion.TrySetException(error);
    }
}
