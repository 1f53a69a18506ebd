using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using DistTrain.Data.Storage;
using DistTrain.Learning;
using DistTrain.Learning.Kernels;

namespace DistTrain.Node.Compute;

/// <summary>Opens shards and evaluates them with the kernels; one for all workers of a run in a process.</summary>
public sealed class ShardComputer(IShardSource source, DatasetManifest manifest, Targets targets) : IShardComputer
{
    readonly Scales _scales = new(manifest, targets.ClassWeightMax);
    readonly BatchSchedule _schedule = new(manifest);

    /// <summary>
    /// Evaluators own scratch memory: each is used by one thread at a time, and there are as many as threads ever computed at once.
    /// </summary>
    readonly ConcurrentBag<ShardEvaluator> _evaluators = [];

    /// <summary>Parameters in the form the kernels read, prepared once for all threads, and forgotten with the parameters.</summary>
    readonly ConditionalWeakTable<Parameters, EvaluationPoint> _points = [];

    public ModelShape Shape { get; } = ModelShape.Of(manifest);

    public void Compute(EvaluationRequest request, Parameters parameters, ShardId shard, EvaluationSums sums)
    {
        var point = _points.GetValue(parameters, key => new EvaluationPoint(key, manifest.Layout));
        if (!_evaluators.TryTake(out var evaluator)) evaluator = new ShardEvaluator(Shape, manifest.Layout, _scales, targets);
        foreach (var rows in _schedule.Open(source, request, shard)) evaluator.Evaluate(request, point, rows, sums);
        _evaluators.Add(evaluator); // Not after an exception: its scratch may hold half a block.
    }
}
