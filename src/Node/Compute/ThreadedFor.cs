using System.Runtime.ExceptionServices;
using DistTrain.Numerics;

namespace DistTrain.Node.Compute;

/// <summary>
/// Pieces of a computation on the caller's thread and on background threads of its own, which are started when they are first needed and
/// wait between two computations. One computation at a time: one that is asked for meanwhile, or from within a piece, runs on its caller's
/// thread alone.
/// </summary>
/// <remarks>
/// Who waits looks on for a moment before it sleeps: to be woken takes as long as a short computation, and steps of a minibatch optimiser
/// come one upon the other.
/// </remarks>
/// <param name="degree">Threads, the caller's included.</param>
public sealed class ThreadedFor(int degree) : IParallelFor, IDisposable
{
    readonly Lock _one = new();
    readonly Lazy<Companion[]> _companions = new(() => [.. Enumerable.Range(1, degree - 1).Select(i => new Companion(i))]);

    public int Degree { get; } = degree >= 1 ? degree : throw new ArgumentOutOfRangeException(nameof(degree));

    public void Run(int count, Action<int> body)
    {
        if (Degree == 1 || count <= 1 || _one.IsHeldByCurrentThread || !_one.TryEnter())
        {
            SerialFor.Instance.Run(count, body);
            return;
        }
        try
        {
            RunTogether(count, body);
        }
        finally
        {
            _one.Exit();
        }
    }

    /// <summary>Ends the threads; not to be called while a computation runs.</summary>
    public void Dispose()
    {
        if (!_companions.IsValueCreated) return;
        foreach (var companion in _companions.Value) companion.Dispose();
    }

    void RunTogether(int count, Action<int> body)
    {
        var work = new Work(count, body);
        var companions = _companions.Value.AsSpan(0, Math.Min(Degree, count) - 1);
        foreach (var companion in companions) companion.Begin(work);
        work.TakePieces();
        foreach (var companion in companions) companion.AwaitIdle();
        work.Failure?.Throw();
    }

    /// <summary>Pieces that are taken by whoever is free.</summary>
    sealed class Work(int count, Action<int> body)
    {
        int _next = -1;
        volatile ExceptionDispatchInfo? _failure;

        public ExceptionDispatchInfo? Failure => _failure;

        public void TakePieces()
        {
            for (var i = Interlocked.Increment(ref _next); i < count && _failure is null; i = Interlocked.Increment(ref _next))
            {
                try
                {
                    body(i);
                }
                catch (Exception e)
                {
                    _failure ??= ExceptionDispatchInfo.Capture(e);
                }
            }
        }
    }

    /// <summary>A thread that shares in one computation after the other.</summary>
    sealed class Companion : IDisposable
    {
        readonly Signal _begun = new();
        readonly Signal _idle = new();
        readonly Thread _thread;
        Work? _work;

        public Companion(int number)
        {
            _thread = new Thread(Accompany) { IsBackground = true, Name = $"parallel-{number}" };
            _thread.Start();
        }

        public void Begin(Work work)
        {
            _work = work;
            _begun.Give();
        }

        /// <summary>Waits for a piece that was begun: as long as it computes, as the caller would if it did so itself.</summary>
        public void AwaitIdle() => _idle.Await();

        /// <summary>Ends the thread.</summary>
        public void Dispose()
        {
            _work = null;
            _begun.Give();
            _thread.Join();
            _begun.Dispose();
            _idle.Dispose();
        }

        void Accompany()
        {
            while (true)
            {
                _begun.Await();
                if (_work is not { } work) return;
                work.TakePieces();
                _work = null;
                _idle.Give();
            }
        }
    }
}
