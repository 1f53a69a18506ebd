using DistTrain.Learning;

namespace DistTrain.Training;

/// <summary>A set of shards and its exact sums.</summary>
public sealed record Contribution(ShardSet Shards, EvaluationSums Sums);
