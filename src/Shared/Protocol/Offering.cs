using System.Collections.Immutable;
using DistTrain.Learning;
using DistTrain.Protocol.Blocks;
using DistTrain.Training;

namespace DistTrain.Protocol;

/// <summary><see cref="ParametersPublished"/> on its way between processes.</summary>
/// <param name="Numbers">The parameters; null: their weights are asked for by feature, as a batch with sparse features needs them.</param>
public sealed record ParametersOffered(RunId Run, Term Term, long Version, BlockPassing? Numbers) : IWorkerOrder
{
    /// <summary>
    /// Whether others will fetch the numbers from this worker: it keeps the block until the next version, and says that it has it
    /// (<see cref="BlockTaken"/>) once that is so.
    /// </summary>
    public bool IsShared { get; init; }
}

/// <summary><see cref="ContributionComputed"/> on its way between processes.</summary>
/// <param name="Kind">Of the sums.</param>
public sealed record ContributionOffered(
    RunId Run, Term Term, EvaluationId Evaluation, WorkerId Worker, EvaluationKind Kind, ShardSet Shards, BlockPassing Sums)
    : IEvaluationAnswer
{
    /// <summary>Who computed what of it, where one worker answers for several; empty where <see cref="Worker"/> computed it alone.</summary>
    public ImmutableArray<ContributionPart> Parts { get; init; } = [];
}

/// <summary>Coordinator to worker, where there are many: through whom to answer what takes a block.</summary>
/// <param name="Combiner">The actor that adds the answers of a few workers and sends one; null: the coordinator itself.</param>
/// <param name="MemberCount">Of a combiner: how many it answers for, itself among them; 0 for all others.</param>
public sealed record CombiningAssigned(RunId Run, Term Term, string? Combiner, int MemberCount) : IWorkerOrder;

/// <summary>To the one who offered a block: it is here, or no longer wanted. It need not be kept for this node.</summary>
public sealed record BlockTaken(string Hash) : IProtocolMessage;

/// <summary>Either way, in place of a message that one frame does not hold: its bytes are fetched.</summary>
/// <param name="Manifest">Which message it is, by its name in the table (<c>WireCodec</c>).</param>
public sealed record MessageOffered(string Manifest, Ticket Bytes) : IProtocolMessage;
