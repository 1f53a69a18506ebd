using Akka.Actor;
using DistTrain.Protocol;
using DistTrain.Training;

namespace DistTrain.Worker.Compute;

/// <summary>Compute thread to the worker's actor: what there is to say of a lease.</summary>
/// <param name="Answer">For the coordinator; null where a work ends with nothing left to say.</param>
/// <param name="IsLast">The last word of this work.</param>
/// <param name="Cause">Of an answer that is a failure.</param>
sealed record LeaseReport(LeaseWork Work, IEvaluationAnswer? Answer, bool IsLast, Exception? Cause) : INoSerializationVerificationNeeded
{
    /// <summary>The shards that the answer is about.</summary>
    public ShardSet Shards => Answer switch
    {
        ContributionComputed computed => computed.Contribution.Shards,
        ComputeFailed failed => failed.Shards,
        _ => ShardSet.Empty,
    };
}
