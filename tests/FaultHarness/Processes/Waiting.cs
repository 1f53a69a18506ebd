using System.Diagnostics;

namespace DistTrain.FaultHarness.Processes;

/// <summary>Waits, each with a deadline.</summary>
static class Waiting
{
    static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(20);

    /// <summary>Until the condition holds. False when the deadline came first.</summary>
    public static async Task<bool> UntilAsync(Func<bool> holds, TimeSpan deadline, CancellationToken stop)
    {
        var since = Stopwatch.StartNew();
        using var ticks = new PeriodicTimer(Tick);
        while (!holds())
        {
            if (since.Elapsed > deadline) return false;
            await ticks.WaitForNextTickAsync(stop);
        }
        return true;
    }

    /// <summary>As long as that: a fault lasts, a moment is waited for.</summary>
    public static async Task ForAsync(TimeSpan duration, CancellationToken stop)
    {
        if (duration <= TimeSpan.Zero) return;
        using var timer = new PeriodicTimer(duration);
        await timer.WaitForNextTickAsync(stop);
    }
}
