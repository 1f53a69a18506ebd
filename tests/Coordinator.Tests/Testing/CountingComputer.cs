using DistTrain.Data.Storage;
using DistTrain.Learning;
using DistTrain.Node.Compute;
using DistTrain.Shared.Tests.Training.Simulation;

namespace DistTrain.Coordinator.Tests.Testing;

/// <summary>The arithmetic of <see cref="CountingTrainer"/>; before each shard it does what the test says.</summary>
sealed class CountingComputer(Action<ShardId>? before = null) : IShardComputer
{
    int _count;

    /// <summary>Shards computed so far.</summary>
    public int Count => _count;

    public ModelShape Shape => CountingTrainer.Shape;

    public void Compute(EvaluationRequest request, Parameters parameters, ShardId shard, EvaluationSums sums)
    {
        before?.Invoke(shard);
        Interlocked.Increment(ref _count);
        sums.Add(CountingTrainer.SumsOf(request, parameters, shard));
    }
}
