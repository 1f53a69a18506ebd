using System.Collections.Concurrent;
using DistTrain.Data.Storage;
using DistTrain.Learning;
using DistTrain.Learning.Kernels;
using DistTrain.Node.Compute;

namespace DistTrain.Cli.Predictions;

/// <summary>One pass after the other over the rows that a model is to judge, each by all threads.</summary>
sealed class ScoringPass(EvaluationPoint point, Targets targets, Scales scales, Dataset rows, ComputeThreads threads)
{
    /// <summary>The exact sums over all rows.</summary>
    public EvaluationSums Evaluate(EvaluationRequest request, CancellationToken stop)
    {
        var manifest = rows.Manifest;
        var waiting = new ConcurrentQueue<ShardId>(Enumerable.Range(0, manifest.ValidationRows.Length).Select(i => new ShardId(i)));

        EvaluationSums Lane(CancellationToken _)
        {
            var evaluator = new ShardEvaluator(point.Shape, manifest.Layout, scales, targets);
            var sums = new EvaluationSums(point.Shape, request.Kind);
            while (waiting.TryDequeue(out var shard))
            {
                stop.ThrowIfCancellationRequested();
                evaluator.Evaluate(request, point, rows.Open(DatasetPart.Validation, shard), sums);
            }
            return sums;
        }

        var lanes = Enumerable.Range(0, threads.Count).Select(_ => threads.Run(Lane)).ToArray();
        var total = new EvaluationSums(point.Shape, request.Kind);
        foreach (var lane in lanes) total.Add(lane.GetAwaiter().GetResult());
        return total;
    }
}
