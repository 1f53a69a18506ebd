using DistTrain.Data.Storage;
using DistTrain.Learning;
using DistTrain.Learning.Kernels;
using DistTrain.Learning.Online;

namespace DistTrain.Bench.Kernels;

/// <summary>An online pass over one shard of ones, on the caller's thread.</summary>
sealed class OnlineRun
{
    const int Classes = 3;

    readonly Shard _shard;
    readonly EvaluationRequest _request;
    readonly EvaluationPoint _point;
    readonly ShardEvaluator _evaluator;
    readonly EvaluationSums _sums;
    readonly RandomLines _lines;

    public OnlineRun(int rowCount, int featureCount, int perRow)
    {
        _shard = SyntheticShards.Sparse(rowCount, featureCount, perRow, Classes, shardCount: 1, isOneHot: true)[0];
        var layout = SyntheticShards.SparseLayout(featureCount);
        var shape = new ModelShape(Classes, featureCount);
        var penalty = new Penalty(new double[featureCount], new double[featureCount], new bool[featureCount]);
        _request = new EvaluationRequest(EvaluationKind.Online) { Online = new OnlinePass(penalty, LearningRate: 0.5, BatchRows: 1) };
        _point = new EvaluationPoint(new Parameters(shape), layout);
        _evaluator = new ShardEvaluator(
            shape, layout, new Scales(SyntheticShards.Manifest(layout, [_shard], Classes, absoluteSum: rowCount)), Targets.Plain);
        _sums = new EvaluationSums(shape, EvaluationKind.Online);
        _lines = new RandomLines(_shard, featureCount);
    }

    public int RowCount => _shard.RowCount;

    /// <summary>Rows a second of a loop that does nothing but touch the records once.</summary>
    public double RowsPerSecondOfMemory => RowCount / _lines.Measure();

    public void Run() => _evaluator.Evaluate(_request, _point, _shard, _sums);
}
