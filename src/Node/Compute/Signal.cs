using System.Diagnostics;

namespace DistTrain.Node.Compute;

/// <summary>
/// What one thread gives and one other awaits, in turn. Who waits looks on for a moment, letting others run that want to, and only then
/// sleeps until it is woken. What the giver wrote before is seen by the one who awaited.
/// </summary>
sealed class Signal : IDisposable
{
    const int None = 0;
    const int Given = 1;
    const int Slept = 2;

    /// <summary>About what it takes to wake a thread.</summary>
    static readonly TimeSpan LookingMax = TimeSpan.FromMicroseconds(50);

    readonly SemaphoreSlim _wake = new(0);
    int _state;

    public void Give()
    {
        if (Interlocked.Exchange(ref _state, Given) == Slept) _wake.Release();
    }

    public void Await()
    {
        if (!IsSeenGiven() && Interlocked.CompareExchange(ref _state, Slept, None) == None) _wake.Wait();
        Interlocked.Exchange(ref _state, None); // What is given from here on is seen next time, and what it announces now.
    }

    public void Dispose() => _wake.Dispose();

    bool IsSeenGiven()
    {
        if (Environment.ProcessorCount == 1) return false;
        var start = Stopwatch.GetTimestamp();
        while (Volatile.Read(ref _state) != Given)
        {
            if (Stopwatch.GetElapsedTime(start) > LookingMax) return false;
            Thread.SpinWait(8);
            Thread.Yield();
        }
        return true;
    }
}
