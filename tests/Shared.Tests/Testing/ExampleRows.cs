using System.Collections.Immutable;
using DistTrain.Data.Storage;
using DistTrain.Learning;

namespace DistTrain.Shared.Tests.Testing;

/// <summary>Examples written down row by row: the readable form from which tests make shards, manifests and datasets.</summary>
/// <param name="Features">[rows][D], in held numbers.</param>
/// <param name="Labels">0 … K − 1, or −1 − i for inactive class i.</param>
/// <param name="Weights">Null where all are 1.</param>
sealed record ExampleRows(FeatureLayout Layout, int ClassCount, float[][] Features, int[] Labels, float[]? Weights = null)
{
    public int Count => Labels.Length;

    public int InactiveClassCount { get; init; }

    /// <summary>How the labels enter the loss.</summary>
    public Targets Targets { get; init; } = Targets.Plain;

    public ModelShape Shape => new(ClassCount, Layout.FeatureCount, InactiveClassCount);

    public float WeightOf(int row) => Weights is null ? 1f : Weights[row];

    /// <summary>Rows from <paramref name="first"/> up to <paramref name="end"/>, the latter not included.</summary>
    public ExampleRows Slice(int first, int end) =>
        this with { Features = Features[first..end], Labels = Labels[first..end], Weights = Weights?[first..end] };

    /// <summary>All rows as one shard.</summary>
    public Shard ToShard(int index = 0) => new()
    {
        Id = new ShardId(index),
        RowCount = Count,
        Dense = ToDense(),
        Codes = [.. Layout.Coded.Select(column => Features.Select(row => CodeOf(column, row)).ToArray())],
        Sparse = ToSparse(),
        Labels = Labels,
        Weights = Weights,
        SourceRows = [.. Enumerable.Range(0, Count)],
    };

    /// <summary>The rows cut in shards of nearly equal size, in order; shards may be empty.</summary>
    public ImmutableArray<Shard> ToShards(int shardCount) =>
        [.. Enumerable.Range(0, shardCount).Select(s => Part(s, shardCount).ToShard(s))];

    /// <summary>Part <paramref name="index"/> of <paramref name="count"/>: rows ⌊index·n/count⌋ up to ⌊(index + 1)·n/count⌋.</summary>
    public ExampleRows Part(int index, int count) => Slice(Count * index / count, Count * (index + 1) / count);

    /// <summary>The scales of a run over these rows.</summary>
    public Scales ToScales() => new(AbsoluteSums, WeightSum, Targets.ClassWeightMax);

    /// <summary>A_d = Σ w|x_d| of each feature.</summary>
    public double[] AbsoluteSums => PerFeature((x, w) => w * Math.Abs((double)x));

    public double WeightSum => Rows.Sum(row => (double)WeightOf(row));

    public DatasetManifest ToManifest(int shardCount) => new()
    {
        Fingerprint = "test",
        Layout = Layout,
        ClassCount = ClassCount,
        InactiveClasses = [.. Enumerable.Range(ClassCount, InactiveClassCount)],
        TrainingRows = [.. Enumerable.Range(0, shardCount).Select(s => Part(s, shardCount).Count)],
        ValidationRows = [],
        WeightSum = WeightSum,
        ValidationWeightSum = 0,
        ClassWeights = [.. Classes.Select(k => Rows.Where(row => Labels[row] == k).Sum(row => (double)WeightOf(row)))],
        AbsoluteSums = AbsoluteSums,
        Sums = PerFeature((x, w) => w * (double)x),
        SquareSums = PerFeature((x, w) => w * (double)x * x),
        ClassFeatureSums = [.. Classes.SelectMany(k => PerFeature((x, w) => w * (double)x, row => Labels[row] == k))],
        ClassSquareSums = [.. Classes.SelectMany(k => PerFeature((x, w) => w * (double)x * x, row => Labels[row] == k))],
    };

    IEnumerable<int> Rows => Enumerable.Range(0, Count);

    IEnumerable<int> Classes => Enumerable.Range(0, ClassCount);

    double[] PerFeature(Func<float, float, double> term, Func<int, bool>? counts = null)
    {
        var sums = new double[Layout.FeatureCount];
        foreach (var row in Rows)
        {
            if (WeightOf(row) == 0 || counts?.Invoke(row) == false) continue;
            for (var d = 0; d < sums.Length; d++) sums[d] += term(Features[row][d], WeightOf(row));
        }
        return sums;
    }

    DenseRows ToDense()
    {
        var dense = new DenseRows(Count, Layout.DenseStride);
        for (var row = 0; row < Count; row++) Features[row].AsSpan(0, Layout.DenseCount).CopyTo(dense.Row(row));
        return dense;
    }

    static byte CodeOf(CodedColumnLayout column, float[] row)
    {
        var code = 0;
        for (var i = 0; i < column.FeatureCount; i++)
        {
            if (row[column.FirstFeature + i] == 1f) code = column.Kind == CodeKind.Level ? i + 1 : code | 1 << i;
        }
        return (byte)code;
    }

    SparseColumns ToSparse()
    {
        var (starts, features, values) = (new List<int> { 0 }, new List<int>(), new List<float>());
        foreach (var row in Features)
        {
            for (var d = Layout.SparseFirst; d < Layout.FeatureCount; d++)
            {
                if (row[d] == 0) continue;
                features.Add(d - Layout.SparseFirst);
                values.Add(row[d]);
            }
            starts.Add(features.Count);
        }
        return SparseColumnsBuilder.Build(Count, starts.ToArray(), features.ToArray(), values.ToArray(), Layout.SparseCount);
    }
}
