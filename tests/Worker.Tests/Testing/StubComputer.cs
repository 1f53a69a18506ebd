using DistTrain.Data.Storage;
using DistTrain.Learning;
using DistTrain.Node.Compute;

namespace DistTrain.Worker.Tests.Testing;

/// <summary>
/// Arithmetic that is easily checked: shard s adds one row and a loss of 2ˢ. Before each shard it does what the test says.
/// </summary>
sealed class StubComputer(Action<ShardId>? before = null, int featureCount = 1) : IShardComputer
{
    public ModelShape Shape { get; } = new(2, featureCount);

    public void Compute(EvaluationRequest request, Parameters parameters, ShardId shard, EvaluationSums sums)
    {
        sums.RowCount++; // Half of the sums are there when it fails.
        before?.Invoke(shard);
        sums.Loss += 1L << shard.Index;
    }
}
