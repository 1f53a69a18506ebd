using DistTrain.Node.Blocks;
using DistTrain.Node.Cluster;
using DistTrain.Node.Compute;
using DistTrain.Protocol;
using DistTrain.Protocol.Blocks;

namespace DistTrain.Coordinator.Cluster;

/// <summary>
/// The parameters of a reign as they are offered to workers of other processes: each version is encoded once, for all of them, and can be
/// fetched until two newer ones are there. Thread-safe.
/// </summary>
/// <param name="encoder">Encodes; owned by the maker.</param>
/// <param name="weights">Given the versions whose weights are asked for by feature.</param>
sealed class ParametersShelf(BlockExchange exchange, ComputeThreads encoder, PublishedWeights weights)
{
    /// <summary>Versions that can be fetched: a worker may still be fetching the one before.</summary>
    const int KeptCount = 2;

    readonly Lock _lock = new();
    readonly Queue<(long Version, Task<BlockPassing?> Numbers)> _kept = new();

    /// <summary>
    /// What workers are told of a version in place of its numbers. Fails for one that newer ones have taken the place of: the weights of
    /// the newest must stay the ones that are asked for.
    /// </summary>
    public async Task<ParametersOffered> OfferAsync(ParametersPublished published) => new ParametersOffered(
        published.Run, published.Term, published.Version, await NumbersOf(published).ConfigureAwait(false));

    /// <summary>Lets all go.</summary>
    public void Clear()
    {
        weights.Withdraw();
        lock (_lock)
        {
            while (_kept.TryDequeue(out var oldest)) Withdraw(oldest.Numbers);
        }
    }

    Task<BlockPassing?> NumbersOf(ParametersPublished published)
    {
        lock (_lock)
        {
            foreach (var kept in _kept)
            {
                if (kept.Version == published.Version && !kept.Numbers.IsFaulted) return kept.Numbers;
                if (kept.Version > published.Version) return Task.FromException<BlockPassing?>(Overtaken(published.Version, kept.Version));
            }
            while (_kept.Count >= KeptCount) Withdraw(_kept.Dequeue().Numbers);
            var numbers = Offer(published);
            _kept.Enqueue((published.Version, numbers));
            return numbers;
        }
    }

    Task<BlockPassing?> Offer(ParametersPublished published)
    {
        if (!published.Parameters.HasSource)
            return encoder.Run(_ => (BlockPassing?)exchange.OfferUntilWithdrawn(ParametersBlock.Encode(published.Parameters)));
        weights.Publish(published.Run, published.Term, published.Version, published.Parameters);
        return Task.FromResult<BlockPassing?>(null);
    }

    static InvalidOperationException Overtaken(long version, long newer) => new($"parameters {version} come after parameters {newer}");

    void Withdraw(Task<BlockPassing?> numbers) => numbers.ContinueWith(
        made => { if (made.Result is { } passing) exchange.Withdraw(passing); },
        CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
}
