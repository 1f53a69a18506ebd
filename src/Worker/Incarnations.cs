namespace DistTrain.Worker;

/// <summary>
/// Numbers the lives of one worker: by the clock, so that a process that starts again comes after its former one, and each above the last,
/// so that a clock that is set back does not make a life look older than the one before. Thread-safe.
/// </summary>
sealed class Incarnations(TimeProvider time)
{
    readonly Lock _lock = new();
    long _last;

    /// <summary>The number of a life that begins now; above 0.</summary>
    public long Next()
    {
        lock (_lock) return _last = Math.Max(_last + 1, time.GetUtcNow().Ticks);
    }
}
