using System.Collections.Immutable;
using BenchmarkDotNet.Attributes;
using DistTrain.Data.Schema;
using DistTrain.Data.Storage;
using DistTrain.Learning;
using DistTrain.Learning.Kernels;
using DistTrain.Numerics;
using DistTrain.Training;

namespace DistTrain.Bench;

/// <summary>
/// Minibatch steps of 1,024 rows of 30 nonzeros each, K = 3, among more and more features; low ones far more frequent, as in sample:sparse. One
/// thread, everything included: opening batches, kernels, sums, the optimiser. Messages between actors are not.
/// </summary>
public class SparseSteps
{
    const int Rows = 1 << 16;
    const int PerRow = 30;
    const int BatchRows = 1024;
    const int StepsPerEpoch = Rows / BatchRows;
    const int Classes = 3;
    const int Shards = 16;

    Dataset? _dataset;
    ShardEvaluator? _evaluator;
    TrainerAnswer? _answer;

    [Params(1 << 14, 1 << 16, 1 << 18, 1 << 20)]
    public int Features { get; set; }

    [Params(OptimizerKind.Sgd, OptimizerKind.Adam, OptimizerKind.Adagrad, OptimizerKind.Ftrl)]
    public OptimizerKind Optimizer { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var layout = SyntheticShards.SparseLayout(Features);
        ImmutableArray<ShardRows> shards = [.. Enumerable.Range(0, Shards).Select(shard => RowsOf(layout, shard))];
        var manifest = ManifestOf(layout);
        _dataset = new Dataset(manifest, new FeatureSchema([]), new ClassList(["0", "1", "2"], [0, 1, 2]), shards, []);
        _evaluator = new ShardEvaluator(ModelShape.Of(manifest), layout, new Scales(manifest), Targets.Plain);
        _answer = Trainer.Start(manifest, new TrainingOptions { Optimizer = Optimizer, BatchSize = BatchRows, Epochs = int.MaxValue / StepsPerEpoch });
    }

    /// <summary>An epoch: 64 steps.</summary>
    [Benchmark(OperationsPerInvoke = StepsPerEpoch)]
    public long Step()
    {
        for (var step = 0; step < StepsPerEpoch; step++) _answer = _answer!.Trainer.Tell(SumsOf(_answer.Question!));
        return _answer!.Question!.Version;
    }

    EvaluationSums SumsOf(Question question)
    {
        var sums = new EvaluationSums(question.Parameters.Shape, question.Request.Kind);
        var point = new EvaluationPoint(question.Parameters, _dataset!.Manifest.Layout);
        for (var shard = 0; shard < Shards; shard++)
            _evaluator!.Evaluate(question.Request, point, BatchSchedule.Open(_dataset, question.Request, new ShardId(shard)), sums);
        return sums;
    }

    ShardRows RowsOf(FeatureLayout layout, int shard)
    {
        const int RowCount = Rows / Shards;
        var random = new CounterRandom(1, (ulong)shard);
        var features = new List<int>();
        var range = PinnedMath.Log(Features);
        var rows = new ShardRows(RowCount, layout, weighted: false);
        var starts = new int[RowCount + 1];
        for (var row = 0; row < RowCount; row++)
        {
            var drawn = new SortedSet<int>();
            while (drawn.Count < PerRow) drawn.Add(Math.Min((int)PinnedMath.Exp(random.NextDouble() * range), Features) - 1);
            features.AddRange(drawn);
            starts[row + 1] = features.Count;
            rows.Labels[row] = random.NextInt32(Classes);
        }
        rows.Sparse = new SparseRows(starts, [.. features], null);
        return rows;
    }

    DatasetManifest ManifestOf(FeatureLayout layout) => new()
    {
        Fingerprint = "",
        Layout = layout,
        ClassCount = Classes,
        InactiveClasses = [],
        TrainingRows = [.. Enumerable.Repeat(Rows / Shards, Shards)],
        ValidationRows = [],
        WeightSum = Rows,
        ValidationWeightSum = 0,
        ClassWeights = [.. Enumerable.Repeat((double)Rows / Classes, Classes)],
        AbsoluteSums = [.. Enumerable.Repeat((double)Rows, Features)],
        Sums = new double[Features],
        SquareSums = new double[Features],
        ClassFeatureSums = [],
        ClassSquareSums = [],
    };
}
