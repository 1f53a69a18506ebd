using System.Collections.Concurrent;
using DistTrain.Data.Storage;
using DistTrain.Formats;
using DistTrain.Learning;
using DistTrain.Learning.Kernels;
using DistTrain.Node.Compute;

namespace DistTrain.Cli.Predictions;

/// <summary>A saved model put to rows that were encoded for it (the validation part of their dataset).</summary>
static class ModelScoring
{
    /// <summary>Loss and confusion in double arithmetic; exact sums, so that the number of threads does not matter.</summary>
    public static ClassificationMetrics Metrics(SavedModel model, Dataset rows, CancellationToken stop)
    {
        var request = new EvaluationRequest(EvaluationKind.Metrics, DatasetPart.Validation);
        var manifest = rows.Manifest;
        var (point, targets) = (PointOf(model, rows), model.Targets);
        var scales = new Scales(manifest, targets.ClassWeightMax);
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

        using var threads = new ComputeThreads("evaluate", Math.Clamp(waiting.Count, 1, Environment.ProcessorCount));
        var lanes = Enumerable.Range(0, threads.Count).Select(_ => threads.Run(Lane)).ToArray();
        var total = new EvaluationSums(point.Shape, request.Kind);
        foreach (var lane in lanes) total.Add(lane.GetAwaiter().GetResult());
        return Scoring.Of(total, scales, model.Classes.Inactive, model.Classes.Active.IndexOf(model.MajorityClass));
    }

    /// <summary>The rows of each shard in the order of the input.</summary>
    public static IEnumerable<ShardPredictions> Predictions(SavedModel model, Dataset rows, CancellationToken stop)
    {
        var (point, targets) = (PointOf(model, rows), model.Targets);
        for (var index = 0; index < rows.Manifest.ValidationRows.Length; index++)
        {
            stop.ThrowIfCancellationRequested();
            var shard = rows.Open(DatasetPart.Validation, new ShardId(index));
            var probabilities = new double[shard.RowCount * point.Shape.ClassCount];
            var labels = new int[shard.RowCount];
            ProbabilityKernel.Compute(point, targets, shard, probabilities, labels);
            yield return new ShardPredictions(labels, probabilities);
        }
    }

    static EvaluationPoint PointOf(SavedModel model, Dataset rows) =>
        new(ModelNumbers.ToHeld(model, rows.Manifest.Layout), rows.Manifest.Layout);
}

/// <summary>What a model says of some rows.</summary>
/// <param name="Labels">For each row the active class given.</param>
/// <param name="Probabilities">Natural probabilities of the active classes, [rows][active].</param>
sealed record ShardPredictions(int[] Labels, double[] Probabilities);
