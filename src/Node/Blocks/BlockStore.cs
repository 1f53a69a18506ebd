using System.Diagnostics.CodeAnalysis;
using DistTrain.Protocol.Blocks;

namespace DistTrain.Node.Blocks;

/// <summary>
/// What a node has for others to fetch, by hash. Nothing stays for ever: a block is let go when all who were to take it have it, when those
/// who published it withdraw it, or when its time is over. Thread-safe.
/// </summary>
public sealed class BlockStore(TimeProvider? time = null) : IDisposable
{
    readonly TimeProvider _time = time ?? TimeProvider.System;
    readonly Lock _lock = new();
    readonly Dictionary<string, Kept> _blocks = [];
    bool _disposed;

    /// <summary>Blocks that can be found now.</summary>
    public int Count
    {
        get { lock (_lock) return _blocks.Count; }
    }

    /// <summary>Bytes of the blocks that can be found now: memory that the store keeps alive.</summary>
    public long Bytes
    {
        get { lock (_lock) return _blocks.Values.Sum(kept => kept.Block.Length); }
    }

    /// <summary>Makes a block findable. What is published again stays for the longer time, and for the takers of both.</summary>
    /// <param name="block">Its memory is not to be written while it is here.</param>
    /// <param name="keepFor">The longest time that it stays, above 0: nobody is waited for longer.</param>
    /// <param name="takers">How many will say that they have it; none given: it stays until withdrawn or its time is over.</param>
    public void Publish(Block block, TimeSpan keepFor, int takers = int.MaxValue)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(keepFor, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(takers, 1);
        var hash = block.Hash; // Computed outside the lock: it reads the whole block.
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (!_blocks.TryGetValue(hash, out var kept)) _blocks[hash] = kept = Keep(hash, block);
            kept.PublicationCount++;
            kept.TakerCount += takers;
            KeepUntil(kept, _time.GetUtcNow() + keepFor, keepFor);
        }
    }

    public bool TryFind(string hash, [MaybeNullWhen(false)] out Block block)
    {
        lock (_lock)
        {
            block = _blocks.GetValueOrDefault(hash)?.Block;
            return block is not null;
        }
    }

    /// <summary>One taker has it, or wants it no more. A hash that is not here is of a block already let go.</summary>
    public void Taken(string hash)
    {
        lock (_lock)
        {
            if (_blocks.TryGetValue(hash, out var kept) && --kept.TakerCount <= 0) LetGo(hash, kept);
        }
    }

    /// <summary>Takes one <see cref="Publish"/> back, whoever has not fetched it yet; the last one lets the block go.</summary>
    public void Withdraw(string hash)
    {
        lock (_lock)
        {
            if (_blocks.TryGetValue(hash, out var kept) && --kept.PublicationCount <= 0) LetGo(hash, kept);
        }
    }

    /// <summary>Lets all go.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            foreach (var (hash, kept) in _blocks.ToArray()) LetGo(hash, kept);
        }
    }

    Kept Keep(string hash, Block block)
    {
        var kept = new Kept(block);
        kept.Timer = _time.CreateTimer(_ => TimeIsOver(hash, kept), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        return kept;
    }

    static void KeepUntil(Kept kept, DateTimeOffset end, TimeSpan fromNow)
    {
        if (end <= kept.End) return;
        kept.End = end;
        kept.Timer!.Change(fromNow, Timeout.InfiniteTimeSpan);
    }

    void TimeIsOver(string hash, Kept kept)
    {
        lock (_lock)
        {
            var isItself = _blocks.TryGetValue(hash, out var found) && ReferenceEquals(found, kept);
            if (isItself && _time.GetUtcNow() >= kept.End) LetGo(hash, kept); // Else it was published again meanwhile.
        }
    }

    void LetGo(string hash, Kept kept)
    {
        _blocks.Remove(hash);
        kept.Timer!.Dispose();
    }

    sealed class Kept(Block block)
    {
        public Block Block { get; } = block;

        public ITimer? Timer { get; set; }

        public DateTimeOffset End { get; set; }

        public int PublicationCount { get; set; }

        public long TakerCount { get; set; }
    }
}
