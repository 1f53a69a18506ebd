using System.Collections.Immutable;
using DistTrain.Protocol;
using DistTrain.Protocol.Blocks;

namespace DistTrain.Coordinator.Cluster;

/// <summary>
/// Lets workers fetch parameters from each other where there are more than the coordinator is to serve: each is told one that has them, and
/// the coordinator in case it has not. Thread-safe.
/// </summary>
/// <param name="fanOut">How many the coordinator serves, and each worker; at least 1.</param>
sealed class ParametersPeers(int fanOut, TimeProvider time)
{
    /// <summary>The coordinator is taken to send so much at least; then the first workers should have a block.</summary>
    const double BytesPerSecond = 100e6;

    static readonly TimeSpan PatienceMin = TimeSpan.FromSeconds(2);
    static readonly TimeSpan PatienceMax = TimeSpan.FromSeconds(30);

    /// <summary>Blocks that workers may be fetching: the latest, and the one before.</summary>
    const int KeptCount = 2;

    readonly Lock _lock = new();
    readonly HashSet<object> _readers = [];
    readonly Queue<Spreading> _spreadings = new();

    /// <summary>A worker is served, until it leaves.</summary>
    public void Enter(object reader)
    {
        lock (_lock) _readers.Add(reader);
    }

    /// <param name="address">Where it gave blocks to others; null where it did not.</param>
    public void Leave(object reader, string? address)
    {
        lock (_lock)
        {
            _readers.Remove(reader);
            if (address is null) return;
            foreach (var spreading in _spreadings) spreading.Spread.Remove(address);
        }
    }

    /// <summary>What one worker is told in place of an offer that is the same for all: where to fetch from.</summary>
    /// <param name="address">Where the worker gives blocks to others; null where it does not.</param>
    public async Task<ParametersOffered> ShareAsync(ParametersOffered offered, string? address, CancellationToken stop)
    {
        if (offered.Numbers?.Ticket is not { } ticket) return offered;
        Task<string?> source;
        lock (_lock)
        {
            if (_readers.Count <= fanOut) return offered;
            source = SpreadingOf(ticket.Hash).Take(address);
        }
        return Naming(offered, ticket, await WaitAsync(source, PatienceFor(ticket.Length), stop)) with { IsShared = address is not null };
    }

    /// <summary>A worker has a block, and gives it to others.</summary>
    public void Has(string hash, string address)
    {
        lock (_lock) _spreadings.FirstOrDefault(spreading => spreading.Hash == hash)?.Add(address);
    }

    /// <summary>How long one waits for a worker that has a block before it is sent to the coordinator all the same.</summary>
    TimeSpan PatienceFor(long length)
    {
        var patience = PatienceMin + TimeSpan.FromSeconds(fanOut * (length / BytesPerSecond));
        return patience < PatienceMax ? patience : PatienceMax;
    }

    async Task<string?> WaitAsync(Task<string?> source, TimeSpan patience, CancellationToken stop)
    {
        try
        {
            return await source.WaitAsync(patience, time, stop);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    static ParametersOffered Naming(ParametersOffered offered, Ticket ticket, string? source)
    {
        ImmutableArray<string> sources = source is null ? ticket.Sources : [source, .. ticket.Sources];
        return offered with { Numbers = new BlockPassing(default, ticket with { Sources = sources }) };
    }

    Spreading SpreadingOf(string hash)
    {
        if (_spreadings.FirstOrDefault(spreading => spreading.Hash == hash) is { } known) return known;
        while (_spreadings.Count >= KeptCount) _spreadings.Dequeue();
        var fresh = new Spreading(hash, new BlockSpread(fanOut));
        _spreadings.Enqueue(fresh);
        return fresh;
    }

    /// <summary>One block on its way to all workers.</summary>
    sealed class Spreading(string hash, BlockSpread spread)
    {
        bool _isShared;
        readonly Queue<(string? Reader, TaskCompletionSource<string?> Source)> _waiting = new();

        public string Hash { get; } = hash;

        public BlockSpread Spread { get; } = spread;

        /// <summary>Whom a reader is to ask, null for the coordinator; known when somebody is free to serve it.</summary>
        public Task<string?> Take(string? reader)
        {
            if (_waiting.Count == 0 && Spread.TryTake(reader, out var source))
            {
                _isShared |= reader is not null;
                return Task.FromResult(source);
            }
            if (!_isShared) return Task.FromResult<string?>(null); // None of those who have it will give it to anybody.
            var waiting = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Enqueue((reader, waiting));
            return waiting.Task;
        }

        public void Add(string holder)
        {
            Spread.Add(holder);
            while (_waiting.TryPeek(out var next) && Spread.TryTake(next.Reader, out var source))
            {
                _waiting.Dequeue();
                next.Source.SetResult(source);
            }
        }
    }
}
