using System.Collections.Immutable;
using DistTrain.Bench.Kernels;
using DistTrain.Data.Schema;
using DistTrain.Data.Storage;
using DistTrain.Learning;
using DistTrain.Learning.Kernels;
using DistTrain.Numerics;
using DistTrain.Training;

namespace DistTrain.Bench;

/// <summary>
/// Minibatch steps of 1,024 rows of 30 nonzeros each, K = 3, among more and more features; low ones far more frequent, as in sample:sparse.
/// One thread, everything included: opening batches, kernels, sums, the optimiser. Messages between actors are not.
/// </summary>
sealed class SparseSteps
{
    const int Rows = 1 << 16;
    const int PerRow = 30;
    const int BatchRows = 1024;
    public const int StepsPerEpoch = Rows / BatchRows;
    const int Classes = 3;
    const int Shards = 16;

    readonly Dataset _dataset;
    readonly ShardEvaluator _evaluator;
    readonly BatchSchedule _schedule;
    TrainerAnswer _answer;

    public SparseSteps(OptimizerKind optimizer, int featureCount)
    {
        var layout = SyntheticShards.SparseLayout(featureCount);
        ImmutableArray<ShardRows> shards = [.. Enumerable.Range(0, Shards).Select(shard => RowsOf(layout, shard))];
        var manifest = SyntheticShards.Manifest(layout, [.. shards.Select(shard => shard.RowCount)], Classes, absoluteSum: Rows);
        _dataset = new Dataset(manifest, new FeatureSchema([]), new ClassList(["0", "1", "2"], [0, 1, 2]), [.. shards.Select((rows, i) => rows.ToShard(new ShardId(i)))], []);
        _schedule = new BatchSchedule(manifest);
        _evaluator = new ShardEvaluator(ModelShape.Of(manifest), layout, new Scales(manifest), Targets.Plain);
        _answer = Trainer.Start(
            manifest, new TrainingOptions { Optimizer = optimizer, BatchSize = BatchRows, Epochs = int.MaxValue / StepsPerEpoch });
    }

    /// <summary>Features touched by the last step.</summary>
    public int TouchedCount { get; private set; }

    /// <summary>One epoch.</summary>
    public void RunEpoch()
    {
        for (var step = 0; step < StepsPerEpoch; step++)
        {
            var sums = SumsOf(_answer.Question!);
            TouchedCount = sums.Touched!.Features.Length;
            _answer = _answer.Trainer.Tell(sums);
        }
    }

    EvaluationSums SumsOf(Question question)
    {
        var sums = new EvaluationSums(question.Parameters.Shape, question.Request.Kind);
        var point = new EvaluationPoint(question.Parameters, _dataset.Manifest.Layout);
        for (var shard = 0; shard < Shards; shard++)
        {
            foreach (var slice in _schedule.Open(_dataset, question.Request, new ShardId(shard)))
                _evaluator.Evaluate(question.Request, point, slice, sums);
        }
        return sums;
    }

    ShardRows RowsOf(FeatureLayout layout, int shard)
    {
        const int RowCount = Rows / Shards;
        var random = new CounterRandom(1, (ulong)shard);
        var features = new List<int>();
        var range = PinnedMath.Log(layout.FeatureCount);
        var rows = new ShardRows(RowCount, layout, weighted: false);
        var starts = new int[RowCount + 1];
        for (var row = 0; row < RowCount; row++)
        {
            var drawn = new SortedSet<int>();
            while (drawn.Count < PerRow) drawn.Add(Math.Min((int)PinnedMath.Exp(random.NextDouble() * range), layout.FeatureCount) - 1);
            features.AddRange(drawn);
            starts[row + 1] = features.Count;
            rows.Labels[row] = random.NextInt32(Classes);
        }
        rows.Sparse = new SparseRows(starts, [.. features], null);
        return rows;
    }
}
