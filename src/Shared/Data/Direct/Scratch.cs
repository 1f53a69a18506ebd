using System.Collections.Concurrent;

namespace DistTrain.Data.Direct;

/// <summary>Memory to work in, one for each thread at work, kept from one piece of work to the next.</summary>
sealed class Scratch<T>(Func<T> create)
{
    readonly ConcurrentBag<T> _free = [];

    /// <summary>All there are; to be asked when nobody works.</summary>
    public IEnumerable<T> All => _free;

    public void Use(Action<T> work)
    {
        var scratch = _free.TryTake(out var free) ? free : create();
        work(scratch);
        _free.Add(scratch);
    }
}
