namespace DistTrain.Node.Cluster;

/// <summary>
/// Bounds the bytes that are on their way to this process at once, over all peers: what is fetched is held whole. First come, first served.
/// Thread-safe.
/// </summary>
public sealed class FetchBudget
{
    /// <summary>For a coordinator: sums of a few workers at large models, of many at small ones.</summary>
    public const long Standard = 512L << 20;

    readonly Lock _lock = new();
    readonly LinkedList<Waiter> _waiting = [];
    readonly long _bytes;
    long _free;

    /// <param name="bytes">The bound, above 0. What is larger is fetched alone.</param>
    public FetchBudget(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bytes, 1);
        _bytes = _free = bytes;
    }

    /// <summary>Waits until so many bytes may be fetched; disposing of the answer gives them back.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was cancelled; nothing is taken.</exception>
    public async Task<IDisposable> EnterAsync(long length, CancellationToken stop)
    {
        var waiter = new Waiter(Math.Clamp(length, 0, _bytes));
        lock (_lock) _waiting.AddLast(waiter);
        Admit();
        try
        {
            await waiter.Turn.Task.WaitAsync(stop).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            GiveUp(waiter);
            throw;
        }
        return new Share(this, waiter.Length);
    }

    void Admit()
    {
        lock (_lock)
        {
            while (_waiting.First is { Value: var first } && first.Length <= _free)
            {
                _waiting.RemoveFirst();
                _free -= first.Length;
                first.Turn.TrySetResult();
            }
        }
    }

    void GiveUp(Waiter waiter)
    {
        bool isWaiting;
        lock (_lock) isWaiting = _waiting.Remove(waiter);
        if (isWaiting) Admit(); // Those behind it may be smaller.
        else GiveBack(waiter.Length);
    }

    void GiveBack(long length)
    {
        lock (_lock) _free += length;
        Admit();
    }

    sealed class Waiter(long length)
    {
        public long Length { get; } = length;

        public TaskCompletionSource Turn { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    sealed class Share(FetchBudget budget, long length) : IDisposable
    {
        int _isGivenBack;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isGivenBack, 1) == 0) budget.GiveBack(length);
        }
    }
}
