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
        var (manifest, point) = (rows.Manifest, PointOf(model, rows));
        var scales = new Scales(manifest, model.Targets.ClassWeightMax);
        using var threads = new ComputeThreads("evaluate", Math.Clamp(manifest.ValidationRows.Length, 1, Environment.ProcessorCount));
        var pass = new ScoringPass(point, model.Targets, scales, rows, threads);

        var request = new EvaluationRequest(EvaluationKind.Metrics, DatasetPart.Validation)
        {
            InverseTemperature = model.InverseTemperature,
        };
        var metrics = Scoring.Of(
            pass.Evaluate(request, stop), scales, model.Classes.Inactive, model.Classes.Active.IndexOf(model.MajorityClass));
        var ranking = ClassRanking.Of(point.Shape);
        while (ranking is { IsComplete: false })
            ranking = ranking.Tell(pass.Evaluate(ranking.Request(DatasetPart.Validation, model.InverseTemperature), stop));
        return ranking is null ? metrics : Scoring.WithAreas(metrics, ranking.Areas, model.Classes.Inactive);
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
            ProbabilityKernel.Compute(point, targets, model.InverseTemperature, shard, probabilities, labels);
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
