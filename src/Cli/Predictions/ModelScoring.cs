using System.Collections.Concurrent;
using DistTrain.Data.Storage;
using DistTrain.Formats;
using DistTrain.Learning;
using DistTrain.Learning.Kernels;
using DistTrain.Learning.Metrics;
using DistTrain.Node.Compute;

namespace DistTrain.Cli.Predictions;

/// <summary>A saved model put to rows that were encoded for it (the validation part of their dataset).</summary>
static class ModelScoring
{
    /// <summary>All metrics in double arithmetic; exact sums, so that the number of threads does not matter.</summary>
    public static ClassificationMetrics Metrics(SavedModel model, Dataset rows, CancellationToken stop)
    {
        var (point, scales) = (PointOf(model, rows), new Scales(rows.Manifest));
        using var threads = new ComputeThreads("evaluate", Math.Clamp(rows.Manifest.ValidationRows.Length, 1, Environment.ProcessorCount));
        EvaluationSums Sums(EvaluationRequest request) => Evaluate(request, point, scales, rows, threads, stop);

        var sums = Sums(new(EvaluationKind.Metrics, DatasetPart.Validation) { InverseTemperature = model.InverseTemperature });
        var metrics = Scoring.Of(sums, scales, model.Classes.Inactive, model.Classes.Active.IndexOf(model.MajorityClass));
        var ranking = ClassRanking.Of(point.Shape);
        while (ranking is { IsComplete: false }) ranking = ranking.Tell(Sums(ranking.Request(DatasetPart.Validation, model.InverseTemperature)));
        return ranking is null ? metrics : Scoring.WithAreas(metrics, ranking.Areas, model.Classes.Inactive);
    }

    /// <summary>
    /// For each shard in the order of the input: its rows' probabilities of the active classes, [rows][active], and the active class that
    /// each is given.
    /// </summary>
    public static IEnumerable<(Shard Shard, double[] Probabilities, int[] Labels)> Probabilities(
        SavedModel model, Dataset rows, CancellationToken stop)
    {
        var point = PointOf(model, rows);
        for (var index = 0; index < rows.Manifest.ValidationRows.Length; index++)
        {
            stop.ThrowIfCancellationRequested();
            var shard = rows.Open(DatasetPart.Validation, new ShardId(index));
            var (probabilities, labels) = (new double[shard.RowCount * point.Shape.ClassCount], new int[shard.RowCount]);
            ProbabilityKernel.Compute(point, shard, model.InverseTemperature, probabilities, labels);
            yield return (shard, probabilities, labels);
        }
    }

    /// <summary>The sums over all rows, computed by all threads.</summary>
    static EvaluationSums Evaluate(
        EvaluationRequest request, EvaluationPoint point, Scales scales, Dataset rows, ComputeThreads threads, CancellationToken stop)
    {
        var manifest = rows.Manifest;
        var waiting = new ConcurrentQueue<ShardId>(Enumerable.Range(0, manifest.ValidationRows.Length).Select(i => new ShardId(i)));

        EvaluationSums Lane(CancellationToken _)
        {
            var evaluator = new ShardEvaluator(point.Shape, manifest.Layout, scales);
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

    static EvaluationPoint PointOf(SavedModel model, Dataset rows) =>
        new(ModelNumbers.ToHeld(model, rows.Manifest.Layout), rows.Manifest.Layout);
}
