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
    readonly BatchSchedule _schedule;
    readonly EvaluationSums[] _sums = new EvaluationSums[TwoThreads.Count];
    TrainerAnswer _answer;

    public RatingsSteps(RatingsRows rows)
    {
        _dataset = rows.ToDataset();
        var manifest = _dataset.Manifest;
        _schedule = new BatchSchedule(manifest);
        _evaluators = [.. Enumerable.Range(0, TwoThreads.Count).Select(_ =>
            new ShardEvaluator(ModelShape.Of(manifest), manifest.Layout, new Scales(manifest), Targets.Plain))];
        var options = new TrainingOptions { Optimizer = OptimizerKind.Adagrad, BatchSize = BatchRows, Epochs = 1000 };
        _answer = Trainer.Start(manifest, options, parallel: TwoThreads.Parallel);
        for (var step = 0; step < rows.Count / BatchRows; step++) Step();
        Step(sums => UpdateShare = ShareOf(sums));
    }

    /// <summary>Bytes of a step's sums, an int32 for each feature touched and int64 for its sums, against all features in float32.</summary>
    public double UpdateShare { get; private set; }

    /// <summary>Bytes that a step of the last run allocated, on all threads.</summary>
    public long AllocatedBytes { get; private set; }

    public void Run()
    {
        var before = GC.GetTotalAllocatedBytes();
        for (var step = 0; step < StepsPerRun; step++) Step();
        AllocatedBytes = (GC.GetTotalAllocatedBytes() - before) / StepsPerRun;
    }

    /// <param name="look">At the sums, before they are recycled.</param>
    void Step(Action<EvaluationSums>? look = null)
    {
        var question = _answer.Question!;
        var point = new EvaluationPoint(question.Parameters, _dataset.Manifest.Layout);
        var slices = _schedule.SlicesOf(question.Request.Batch!);
        var next = -1;
        TwoThreads.Run(thread =>
        {
            var own = _sums[thread] = new EvaluationSums(question.Parameters.Shape, question.Request.Kind);
            for (var i = Interlocked.Increment(ref next); i < slices.Length; i = Interlocked.Increment(ref next))
                _evaluators[thread].Evaluate(question.Request, point, _dataset.OpenSlice(slices[i]), own);
            own.Settle();
        });
        var total = new EvaluationSums(question.Parameters.Shape, question.Request.Kind);
        total.Add([.. _sums]);
        _answer = _answer.Trainer.Tell(total);
        look?.Invoke(total);
        foreach (var sums in _sums) sums.Recycle();
    }

    static double ShareOf(EvaluationSums sums)
    {
        var touched = sums.Touched!.Features.Length;
        var bytes = touched * (sizeof(int) + sizeof(long) * sums.Shape.FreeClassCount) + sizeof(long) * sums.Gradient.Length;
        return bytes / ((sums.Shape.FeatureCount + 1.0) * sums.Shape.FreeClassCount * sizeof(float));
    }
}
