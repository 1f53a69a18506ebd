using DistTrain.Data.Storage;
using DistTrain.Learning;

namespace DistTrain.Node.Compute;

/// <summary>The arithmetic of a worker; called from several threads at once.</summary>
public interface IShardComputer
{
    /// <summary>What the sums are about.</summary>
    ModelShape Shape { get; }

    /// <summary>Adds what <paramref name="request"/> asks of a shard at <paramref name="parameters"/> to <paramref name="sums"/>.</summary>
    void Compute(EvaluationRequest request, Parameters parameters, ShardId shard, EvaluationSums sums);
}
