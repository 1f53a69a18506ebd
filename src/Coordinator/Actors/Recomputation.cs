using DistTrain.Data.Storage;
using DistTrain.Learning;
using DistTrain.Node.Compute;
using DistTrain.Protocol;
using DistTrain.Training;

namespace DistTrain.Coordinator.Actors;

/// <summary>Shards that the coordinator computes itself, one after the other, as long as that is wanted.</summary>
sealed class Recomputation(RecomputeShards wanted, IShardComputer computer)
{
    volatile bool _isUnwanted;

    public EvaluationId Evaluation => wanted.Evaluation;

    /// <summary>Nobody waits for it any more: it ends after the present shard.</summary>
    public void GiveUp() => _isUnwanted = true;

    /// <summary>On a compute thread: tells each shard as soon as it is there.</summary>
    /// <returns>True; what is thrown is the computer's.</returns>
    public bool Compute(Action<Recomputed> tell, CancellationToken stopping)
    {
        var (request, parameters, _) = wanted.Question;
        foreach (var shard in wanted.Shards)
        {
            if (_isUnwanted || stopping.IsCancellationRequested) break;
            var sums = new EvaluationSums(computer.Shape, request.Kind);
            computer.Compute(request, parameters, shard, sums);
            sums.Settle();
            tell(new Recomputed(Evaluation, shard, sums));
        }
        return true;
    }
}

/// <summary>Compute thread to the run's actor: a shard that the coordinator has computed.</summary>
sealed record Recomputed(EvaluationId Evaluation, ShardId Shard, EvaluationSums Sums) : Akka.Actor.INoSerializationVerificationNeeded;

/// <summary>Compute thread to the run's actor: all are computed, or one could not be.</summary>
sealed record RecomputationEnded(EvaluationId Evaluation, Exception? Cause) : Akka.Actor.INoSerializationVerificationNeeded;
