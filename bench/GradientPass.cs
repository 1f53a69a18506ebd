using BenchmarkDotNet.Attributes;
using DistTrain.Data.Storage;
using DistTrain.Learning;
using DistTrain.Learning.Kernels;

namespace DistTrain.Bench;

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

    public Int128 Run()
    {
        var next = -1;
        var request = new EvaluationRequest(EvaluationKind.Gradient);
        TwoThreads.Run(thread =>
        {
            for (var i = Interlocked.Increment(ref next); i < _shards.Length; i = Interlocked.Increment(ref next))
                _evaluators[thread].Evaluate(request, _point, _shards[i], _sums[thread]);
        });
        return _sums[0].Loss + _sums[1].Loss;
    }
}

/// <summary>Dense: 1,000,000 × 128 floats (512 MB), K = 3.</summary>
public class DenseGradient
{
    const int Rows = 1_000_000;
    const int Features = 128;
    const int Classes = 3;
    const long Bytes = (long)Rows * Features * sizeof(float);

    Shard[] _shards = [];
    GradientPass? _pass;

    [GlobalSetup]
    public void Setup()
    {
        _shards = SyntheticShards.Dense(Rows, Features, Classes, shardCount: 16);
        Work.Declare<DenseGradient>(nameof(Read), Bytes);
        Work.Declare<DenseGradient>(nameof(Gradient), Bytes);
        _pass = new GradientPass(_shards, SyntheticShards.DenseLayout(Features), Classes, absoluteSum: 4.0 * Rows);
    }

    [Benchmark(Baseline = true)]
    public int Read()
    {
        var results = new int[TwoThreads.Count];
        TwoThreads.Run(thread =>
        {
            for (var i = thread; i < _shards.Length; i += TwoThreads.Count)
                results[thread] ^= MemoryRead.Of<float>(_shards[i].Dense.Values);
        });
        return results[0] ^ results[1];
    }

    [Benchmark]
    public Int128 Gradient() => _pass!.Run();
}

/// <summary>
/// Sparse: 1,000,000 rows of 30 nonzeros among 2²⁰ features, K = 3; 6 bytes a nonzero as stored, column heads not counted.
/// </summary>
public class SparseGradient
{
    const int Rows = 1_000_000;
    const int Features = 1 << 20;
    const int PerRow = 30;
    const int Classes = 3;
    const long Nonzeros = (long)Rows * PerRow;

    Shard[] _shards = [];
    GradientPass? _pass;

    [GlobalSetup]
    public void Setup()
    {
        _shards = SyntheticShards.Sparse(Rows, Features, PerRow, Classes, shardCount: 16);
        Work.Declare<SparseGradient>(nameof(Read), Nonzeros * 6, Nonzeros);
        Work.Declare<SparseGradient>(nameof(Gradient), Nonzeros * 6, Nonzeros);
        _pass = new GradientPass(_shards, SyntheticShards.SparseLayout(Features), Classes, absoluteSum: 2.0 * Rows);
    }

    [Benchmark(Baseline = true)]
    public int Read()
    {
        var results = new int[TwoThreads.Count];
        TwoThreads.Run(thread =>
        {
            for (var i = thread; i < _shards.Length; i += TwoThreads.Count)
            {
                var columns = _shards[i].Sparse;
                results[thread] ^= MemoryRead.Of<ushort>(columns.Rows) ^ MemoryRead.Of<float>(columns.Values);
            }
        });
        return results[0] ^ results[1];
    }

    [Benchmark]
    public Int128 Gradient() => _pass!.Run();
}
