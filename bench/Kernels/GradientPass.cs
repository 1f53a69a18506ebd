using DistTrain.Data.Storage;
using DistTrain.Learning;
using DistTrain.Learning.Kernels;

namespace DistTrain.Bench.Kernels;

/// <summary>One full gradient, exact sums included, on two threads that take shards in turn.</summary>
sealed class GradientPass
{
    readonly Shard[] _shards;
    readonly EvaluationPoint _point;
    readonly ShardEvaluator[] _evaluators;
    readonly EvaluationSums[] _sums;

    public GradientPass(Shard[] shards, FeatureLayout layout, int classCount, double absoluteSum)
    {
        var shape = new ModelShape(classCount, layout.FeatureCount);
        var scales = new Scales(SyntheticShards.Manifest(layout, shards, classCount, absoluteSum));
        _shards = shards;
        _point = new EvaluationPoint(SyntheticShards.RandomParameters(shape), layout);
        _evaluators = [.. Enumerable.Range(0, TwoThreads.Count).Select(_ => new ShardEvaluator(shape, layout, scales, Targets.Plain))];
        _sums = [.. Enumerable.Range(0, TwoThreads.Count).Select(_ => new EvaluationSums(shape, EvaluationKind.Gradient))];
    }

    public void Run()
    {
        var next = -1;
        var request = new EvaluationRequest(EvaluationKind.Gradient);
        TwoThreads.Run(thread =>
        {
            for (var i = Interlocked.Increment(ref next); i < _shards.Length; i = Interlocked.Increment(ref next))
                _evaluators[thread].Evaluate(request, _point, _shards[i], _sums[thread]);
        });
        if (_sums.Any(sums => sums.NonFinite)) throw new InvalidOperationException("The loss is not finite.");
    }
}
