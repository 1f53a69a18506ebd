using System.Runtime.CompilerServices;
using DistTrain.Data.Storage;
using DistTrain.Learning;
using DistTrain.Learning.Kernels;

namespace DistTrain.Worker.Compute;

/// <summary>Opens shards and evaluates them with the kernels; one for all workers of a process.</summary>
public sealed class ShardComputer(IShardSource source, DatasetManifest manifest) : IShardComputer
{
    /// <summary>An evaluator owns scratch memory: each compute thread has its own.</summary>
    readonly ThreadLocal<ShardEvaluator> _evaluators = NewEvaluators(manifest);

    /// <summary>Parameters in the form the kernels read, prepared once for all threads, and forgotten with the parameters.</summary>
    readonly ConditionalWeakTable<Parameters, Lazy<EvaluationPoint>> _points = [];

    public ModelShape Shape { get; } = new(manifest.ClassCount, manifest.FeatureCount);

    public void Compute(EvaluationRequest request, Parameters parameters, ShardId shard, EvaluationSums sums)
    {
        var point = _points.GetValue(parameters, key => new Lazy<EvaluationPoint>(() => new EvaluationPoint(key, manifest.Layout)));
        _evaluators.Value!.Evaluate(request, point.Value, BatchSchedule.Open(source, request, shard), sums);
    }

    static ThreadLocal<ShardEvaluator> NewEvaluators(DatasetManifest manifest)
    {
        var scales = new Scales(manifest);
        return new ThreadLocal<ShardEvaluator>(() => new ShardEvaluator(
            new ModelShape(manifest.ClassCount, manifest.FeatureCount), manifest.Layout, scales));
    }
}
