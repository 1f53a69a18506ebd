using DistTrain.Data.Storage;
using DistTrain.Formats;
using DistTrain.Learning;
using DistTrain.Learning.Kernels;

namespace DistTrain.Cli.Predictions;

/// <summary>A saved model put to rows that were encoded for it (the validation part of their dataset).</summary>
static class ModelScoring
{
    /// <summary>Loss and confusion in double arithmetic; exact sums, so that the number of threads does not matter.</summary>
    public static ClassificationMetrics Metrics(SavedModel model, Dataset rows, CancellationToken stop)
    {
        var request = new EvaluationRequest(EvaluationKind.Metrics, DatasetPart.Validation);
        var manifest = rows.Manifest;
        var (point, scales) = (PointOf(model, rows), new Scales(manifest));
        var total = new EvaluationSums(point.Shape, request.Kind);
        Parallel.For(0, manifest.ValidationRows.Length, new ParallelOptions { CancellationToken = stop },
            () => (Evaluator: new ShardEvaluator(point.Shape, manifest.Layout, scales), Sums: new EvaluationSums(point.Shape, request.Kind)),
            (shard, _, local) =>
            {
                local.Evaluator.Evaluate(request, point, rows.Open(DatasetPart.Validation, new ShardId(shard)), local.Sums);
                return local;
            },
            local =>
            {
                lock (total) total.Add(local.Sums);
            });
        return Scoring.Of(total, scales, model.Classes.Active.IndexOf(model.MajorityClass));
    }

    /// <summary>For each shard in the order of the input: its rows' probabilities of the active classes, [rows][active].</summary>
    public static IEnumerable<(Shard Shard, double[] Probabilities)> Probabilities(SavedModel model, Dataset rows, CancellationToken stop)
    {
        var point = PointOf(model, rows);
        for (var index = 0; index < rows.Manifest.ValidationRows.Length; index++)
        {
            stop.ThrowIfCancellationRequested();
            var shard = rows.Open(DatasetPart.Validation, new ShardId(index));
            var probabilities = new double[shard.RowCount * point.Shape.ClassCount];
            ProbabilityKernel.Compute(point, shard, probabilities);
            yield return (shard, probabilities);
        }
    }

    static EvaluationPoint PointOf(SavedModel model, Dataset rows) =>
        new(ModelNumbers.ToHeld(model, rows.Manifest.Layout), rows.Manifest.Layout);
}
