using DistTrain.Data.Storage;
using DistTrain.Learning;
using DistTrain.Learning.Kernels;
using DistTrain.Training;

namespace DistTrain.Bench.Kernels;

/// <summary>
/// Minibatch Adagrad over ratings: kernels and exact sums on two threads, adding both, and the optimiser's step. Messages between actors are
/// left out. Batches are laid out in the first epoch, which is not measured.
/// </summary>
sealed class RatingsSteps
{
    public const int BatchRows = 8192;
    public const int StepsPerRun = 64;

    readonly Dataset _dataset;
    readonly ShardEvaluator[] _evaluators;
    readonly BatchOrders _orders = new();
    TrainerAnswer _answer;

    public RatingsSteps(RatingsRows rows)
    {
        _dataset = rows.ToDataset();
        var manifest = _dataset.Manifest;
        _evaluators = [.. Enumerable.Range(0, TwoThreads.Count).Select(_ =>
            new ShardEvaluator(ModelShape.Of(manifest), manifest.Layout, new Scales(manifest), Targets.Plain))];
        var options = new TrainingOptions { Optimizer = OptimizerKind.Adagrad, BatchSize = BatchRows, Epochs = 1000 };
        _answer = Trainer.Start(manifest, options);
        for (var step = 0; step <= rows.Count / BatchRows; step++) Step();
    }

    /// <summary>Bytes of the last step's sums, an int32 for each feature touched and int64 for its sums, against all features in float32.</summary>
    public double UpdateShare { get; private set; }

    public void Run()
    {
        for (var step = 0; step < StepsPerRun; step++) Step();
    }

    void Step()
    {
        var question = _answer.Question!;
        var point = new EvaluationPoint(question.Parameters, _dataset.Manifest.Layout);
        var sums = new EvaluationSums[TwoThreads.Count];
        var next = -1;
        TwoThreads.Run(thread =>
        {
            var own = sums[thread] = new EvaluationSums(question.Parameters.Shape, question.Request.Kind);
            var shardCount = _dataset.Manifest.ShardCount;
            for (var i = Interlocked.Increment(ref next); i < shardCount; i = Interlocked.Increment(ref next))
            {
                var batch = BatchSchedule.Open(_dataset, question.Request, new ShardId(i), _orders);
                _evaluators[thread].Evaluate(question.Request, point, batch, own);
            }
            own.Settle();
        });
        sums[0].Add(sums[1]);
        UpdateShare = ShareOf(sums[0]);
        _answer = _answer.Trainer.Tell(sums[0]);
    }

    static double ShareOf(EvaluationSums sums)
    {
        var touched = sums.Touched!.Features.Length;
        var bytes = touched * (sizeof(int) + sizeof(long) * sums.Shape.FreeClassCount) + sizeof(long) * sums.Gradient.Length;
        return bytes / ((sums.Shape.FeatureCount + 1.0) * sums.Shape.FreeClassCount * sizeof(float));
    }
}
