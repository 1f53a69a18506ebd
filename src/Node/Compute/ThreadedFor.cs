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
    readonly Signal _done = new();
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

    /// <summary>On a thread of its own, however many computations run meanwhile: it gets its share of the processors.</summary>
    public Func<T> Begin<T>(Func<T> work)
    {
        var result = new Lazy<T>(work);
        if (Degree == 1) return () => result.Value;

        var thread = new Thread(() => Complete(result)) { IsBackground = true, Name = "beside" };
        thread.Start();
        return () =>
        {
            thread.Join();
            return result.Value;
        };
    }

    /// <summary>Ends the threads; not to be called while a computation runs.</summary>
    public void Dispose()
    {
        if (_companions.IsValueCreated)
        {
            foreach (var companion in _companions.Value) companion.Dispose();
        }
        _done.Dispose();
    }

    /// <summary>What it throws is kept for those who want the result.</summary>
    static void Complete<T>(Lazy<T> result)
    {
        try
        {
            _ = result.Value;
        }
        catch (Exception)
        {
            // Thrown again where the result is asked for.
        }
    }

    void RunTogether(int count, Action<int> body)
    {
        var work = new Work(count, body, _done);
        foreach (var companion in _companions.Value.AsSpan(0, Math.Min(Degree, count) - 1)) companion.Begin(work);
        work.TakePieces();
        // For pieces that others compute, as long as the caller would itself; not for a companion that came too late to take any.
        _done.Await();
        work.Failure?.Throw();
    }

    /// <summary>Pieces that are taken by whoever is free. When the last has ended it is told.</summary>
    sealed class Work(int count, Action<int> body, Signal done)
    {
        readonly int _count = count;
        int _next = -1;
        int _left = count;
        volatile ExceptionDispatchInfo? _failure;

        public ExceptionDispatchInfo? Failure => _failure;

        public void TakePieces()
        {
            for (var i = Interlocked.Increment(ref _next); i < _count; i = Interlocked.Increment(ref _next))
            {
                if (_failure is null) Take(i);
                if (Interlocked.Decrement(ref _left) == 0) done.Give();
            }
        }

        void Take(int piece)
        {
            try
            {
                body(piece);
            }
            catch (Exception e)
            {
                _failure ??= ExceptionDispatchInfo.Capture(e);
            }
        }
    }

    /// <summary>A thread that shares in one computation after the other; one that has ended meanwhile has nothing left for it.</summary>
    sealed class Companion : IDisposable
    {
        readonly Signal _begun = new();
        readonly Thread _thread;
        volatile Work? _work;

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

        /// <summary>Ends the thread.</summary>
        public void Dispose()
        {
            _work = null;
            _begun.Give();
            _thread.Join();
            _begun.Dispose();
        }

        void Accompany()
        {
            while (true)
            {
                _begun.Await();
                if (_work is not { } work) return;
                work.TakePieces();
            }
        }
    }
}
