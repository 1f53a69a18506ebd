using System.Collections.Immutable;
using DistTrain.Learning;
using DistTrain.Problems;
using DistTrain.Training;

namespace DistTrain.Protocol;

/// <summary>Coordinator to worker, before the first lease at a version: the parameters to compute with.</summary>
public sealed record ParametersPublished(RunId Run, Term Term, long Version, Parameters Parameters) : IWorkerOrder;

/// <summary>Coordinator to worker, a lease: compute these shards at this version.</summary>
/// <param name="Uncombined">Answer each shard by itself: somebody else may have been asked for some of them.</param>
public sealed record ComputeShards(
    RunId Run, Term Term, EvaluationId Evaluation, long Version, EvaluationRequest Request, ShardSet Shards, bool Uncombined)
    : IWorkerOrder;

/// <summary>Worker to coordinator: the exact sums over shards it has finished.</summary>
public sealed record ContributionComputed(
    RunId Run, Term Term, EvaluationId Evaluation, WorkerId Worker, Contribution Contribution) : IEvaluationAnswer
{
    /// <summary>Who computed what of it, where one worker answers for several; empty where <see cref="Worker"/> computed it alone.</summary>
    public ImmutableArray<ContributionPart> Parts { get; init; } = [];
}

/// <summary>What one worker computed of sums that another one has added to its own.</summary>
public sealed record ContributionPart(WorkerId Worker, ShardSet Shards);

/// <summary>Worker to coordinator: these shards cannot be computed here; lease them to somebody else.</summary>
/// <param name="Problem">What a run ends with that fails for this; null where the cause is unknown.</param>
public sealed record ComputeFailed(
    RunId Run, Term Term, EvaluationId Evaluation, WorkerId Worker, ShardSet Shards, string Error, Problem? Problem = null)
    : IEvaluationAnswer;

/// <summary>Worker to coordinator: a lease names parameters that never came; send both again.</summary>
public sealed record ParametersMissing(
    RunId Run, Term Term, EvaluationId Evaluation, WorkerId Worker, long Version) : IEvaluationAnswer;

/// <summary>
/// Coordinator to worker, when another one is free to help: give back those of these shards that have not been begun. Answered by
/// <see cref="ShardsReturned"/>, unless that is none.
/// </summary>
public sealed record ShardsRecalled(RunId Run, Term Term, EvaluationId Evaluation, ShardSet Shards) : IWorkerOrder;

/// <summary>Worker to coordinator: these shards were not begun here and will not be; nobody's sums hold them.</summary>
public sealed record ShardsReturned(
    RunId Run, Term Term, EvaluationId Evaluation, WorkerId Worker, ShardSet Shards) : IEvaluationAnswer;

/// <summary>
/// Worker to coordinator, each second or so where nothing else is to be said: the lease is being computed, and goes on.
/// </summary>
public sealed record WorkGoesOn(RunId Run, Term Term, EvaluationId Evaluation, WorkerId Worker) : IEvaluationAnswer;

/// <summary>Coordinator to worker that still computes: nobody waits for this evaluation any more.</summary>
public sealed record EvaluationClosed(RunId Run, Term Term, EvaluationId Evaluation) : IWorkerOrder;

/// <summary>Coordinator to every worker: the run has its result, or has failed; no more leases.</summary>
public sealed record RunEnded(RunId Run, Term Term) : IWorkerOrder;
