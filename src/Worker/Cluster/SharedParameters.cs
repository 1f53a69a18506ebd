using DistTrain.Learning;
using DistTrain.Node.Cluster;
using DistTrain.Node.Compute;
using DistTrain.Protocol.Blocks;

namespace DistTrain.Worker.Cluster;

/// <summary>
/// The parameters that a worker has fetched and gives to others: the latest, and those before, which some may still be fetching. They are put
/// into bytes again, the same as they came in. Thread-safe.
/// </summary>
/// <param name="encoder">One thread that does it.</param>
sealed class SharedParameters(BlockExchange exchange, ComputeThreads encoder)
{
    const int KeptCount = 2;

    readonly Lock _lock = new();
    readonly Queue<BlockPassing> _kept = new();

    /// <summary>Keeps parameters ready to be fetched; done when they are.</summary>
    public Task<Parameters> KeepAsync(Parameters parameters) => encoder.Run(_ =>
    {
        Add(exchange.Offer(ParametersBlock.Encode(parameters), takers: int.MaxValue));
        return parameters;
    });

    /// <summary>Lets all go.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            while (_kept.TryDequeue(out var oldest)) exchange.Withdraw(oldest);
        }
    }

    void Add(BlockPassing latest)
    {
        lock (_lock)
        {
            while (_kept.Count >= KeptCount) exchange.Withdraw(_kept.Dequeue());
            _kept.Enqueue(latest);
        }
    }
}
