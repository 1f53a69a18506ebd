using DistTrain.Learning;
using DistTrain.Protocol.Blocks;
using DistTrain.Training;

namespace DistTrain.Protocol;

/// <summary><see cref="ParametersPublished"/> on its way between processes.</summary>
/// <param name="Numbers">The parameters; null: their weights are asked for by feature, as a batch with sparse features needs them.</param>
public sealed record ParametersOffered(RunId Run, Term Term, long Version, BlockPassing? Numbers) : IWorkerOrder;

/// <summary><see cref="ContributionComputed"/> on its way between processes.</summary>
/// <param name="Kind">Of the sums.</param>
public sealed record ContributionOffered(
    RunId Run, Term Term, EvaluationId Evaluation, WorkerId Worker, EvaluationKind Kind, ShardSet Shards, BlockPassing Sums)
    : IEvaluationAnswer;

/// <summary>To the one who offered a block: it is here, or no longer wanted. It need not be kept for this node.</summary>
public sealed record BlockTaken(string Hash) : IProtocolMessage;

/// <summary>Either way, in place of a message that one frame does not hold: its bytes are fetched.</summary>
/// <param name="Manifest">Which message it is, by its name in the table (<c>WireCodec</c>).</param>
public sealed record MessageOffered(string Manifest, Ticket Bytes) : IProtocolMessage;
