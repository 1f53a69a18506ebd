using BenchmarkDotNet.Attributes;
using DistTrain.Data.Storage;
using DistTrain.Node.Compute;
using DistTrain.Numerics;

namespace DistTrain.Bench;

/// <summary>
/// The column layout of sparse shards, 65,536 rows of 30 nonzeros among a million features each, on two threads: divide the time by the
/// nonzeros of all shards for the cost of one.
/// </summary>
public class LayoutBuild
{
    const int Shards = 4;
    const int Rows = Shard.SparseRowsMax;
    const int PerRow = 30;
    const int Features = 1 << 20;

    static readonly ThreadedFor Two = new(2);

    readonly int[][] _features = new int[Shards][];
    readonly int[] _starts = [.. Enumerable.Range(0, Rows + 1).Select(row => row * PerRow)];
    float[] _values = [];

    [GlobalSetup]
    public void Setup()
    {
        for (var shard = 0; shard < Shards; shard++) _features[shard] = FeaturesOf(shard);
        _values = new float[Rows * PerRow];
        Array.Fill(_values, 0.5f);
        const int nonzeros = Shards * Rows * PerRow;
        Work.Declare<LayoutBuild>(nameof(Read), nonzeros * sizeof(int));
        Work.Declare<LayoutBuild>(nameof(Ones), nonzeros * sizeof(int));
        Work.Declare<LayoutBuild>(nameof(Values), nonzeros * (sizeof(int) + sizeof(float)));
    }

    [Benchmark(Baseline = true)]
    public void Read() => Two.Run(Shards, shard => MemoryRead.Of<int>(_features[shard]));

    [Benchmark]
    public void Ones() => Two.Run(Shards, shard => SparseColumnsBuilder.Build(Rows, _starts, _features[shard], [], Features));

    [Benchmark]
    public void Values() => Two.Run(Shards, shard => SparseColumnsBuilder.Build(Rows, _starts, _features[shard], _values, Features));

    /// <summary>Ascending in each row, low ones more frequent.</summary>
    static int[] FeaturesOf(int shard)
    {
        var random = new CounterRandom(7, (ulong)shard);
        var features = new int[Rows * PerRow];
        for (var row = 0; row < Rows; row++)
        {
            var chosen = new SortedSet<int>();
            while (chosen.Count < PerRow)
            {
                var u = random.NextDouble();
                chosen.Add((int)(Features * u * u * u));
            }
            chosen.CopyTo(features, row * PerRow);
        }
        return features;
    }
}
