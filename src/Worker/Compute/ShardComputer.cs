using System.Runtime.CompilerServices;
using DistTrain.Data.Storage;
using DistTrain.Learning;
using DistTrain.Learning.Kernels;

namespace DistTrain.Worker.Compute;

/// <summary>Opens shards and evaluates them with the kernels; one for all workers of a process.</summary>
public sealed class ShardComputer(IShardSource source, DatasetManifest manifest) : IShardComputer, IDisposable
{
    /// <summary>Evaluators own scratch memory: each compute thread has its own.</summary>
    readonly ThreadLocal<ShardEvaluator> _evaluator = new(() => new ShardEvaluator(
        new ModelShape(manifest.ClassCount, manifest.FeatureCount), manifest.Layout, new Scales(manifest)));

    /// <summary>Parameters in the form the kernels read, prepared once for all threads, and forgotten with the parameters.</summary>
    readonly ConditionalWeakTable<Parameters, Lazy<EvaluationPoint>> _points = [];

    public ModelShape Shape { get; } = new(manifest.ClassCount, manifest.FeatureCount);

    public void Compute(EvaluationRequest request, Parameters parameters, ShardId shard, EvaluationSums sums)
    {
        var point = _points.GetValue(parameters, key => new Lazy<EvaluationPoint>(() => new EvaluationPoint(key, manifest.Layout)));
        _evaluator.Value!.Evaluate(request, point.Value, BatchSchedule.Open(source, request, shard), sums);
    }

    public void Dispose() => _evaluator.Dispose();
}
