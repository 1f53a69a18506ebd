using System.Collections.Immutable;
using DistTrain.Data.Storage;

namespace DistTrain.Data.Statistics;

/// <summary>Sums over training rows in double, by held feature and active class. A shard's are taken row by row, then merged in shard order.</summary>
sealed class FeatureSums(int classCount, FeatureLayout layout)
{
    readonly int _featureCount = layout.FeatureCount;

    /// <summary>For each class, Σ wᵢ.</summary>
    public double[] ClassWeights { get; } = new double[classCount];

    /// <summary>Σ wᵢ |xᵢd|.</summary>
    public double[] Absolutes { get; } = new double[layout.FeatureCount];

    /// <summary>Σ wᵢ xᵢd².</summary>
    public double[] Squares { get; } = new double[layout.FeatureCount];

    /// <summary>Σ wᵢ xᵢd over the rows of class k, at [k·D + d].</summary>
    public double[] ByClass { get; } = new double[(long)classCount * layout.FeatureCount];

    /// <summary>The sums of all shards.</summary>
    public static FeatureSums Of(ImmutableArray<ShardRows> shards, int classCount, FeatureLayout layout)
    {
        var total = new FeatureSums(classCount, layout);
        if (shards.IsEmpty) return total;

        var part = new FeatureSums(classCount, layout);
        foreach (var shard in shards)
        {
            part.Clear();
            part.Add(shard);
            total.Add(part);
        }
        return total;
    }

    /// <summary>Σ wᵢ xᵢd: the classes' sums, added in class order.</summary>
    public double[] Sums()
    {
        var sums = new double[_featureCount];
        for (var k = 0; k < classCount; k++) Add(ByClass.AsSpan(k * _featureCount, _featureCount), sums);
        return sums;
    }

    void Add(FeatureSums other)
    {
        Add(other.ClassWeights, ClassWeights);
        Add(other.Absolutes, Absolutes);
        Add(other.Squares, Squares);
        Add(other.ByClass, ByClass);
    }

    void Clear()
    {
        Array.Clear(ClassWeights);
        Array.Clear(Absolutes);
        Array.Clear(Squares);
        Array.Clear(ByClass);
    }

    void Add(ShardRows shard)
    {
        for (var row = 0; row < shard.RowCount; row++)
        {
            double weight = shard.WeightOf(row);
            if (weight == 0) continue;

            var label = shard.Labels[row];
            ClassWeights[label] += weight;
            var ofClass = ByClass.AsSpan(label * _featureCount, _featureCount);
            AddDense(shard.Dense.Row(row)[..layout.DenseCount], weight, ofClass);
            AddCoded(shard.Codes, row, weight, ofClass);
            AddSparse(shard.Sparse, row, weight, ofClass);
        }
    }

    void AddDense(ReadOnlySpan<float> features, double weight, Span<double> ofClass)
    {
        for (var d = 0; d < features.Length; d++) AddValue(d, features[d], weight, ofClass);
    }

    void AddCoded(byte[][] codes, int row, double weight, Span<double> ofClass)
    {
        for (var column = 0; column < codes.Length; column++)
        {
            var (kind, first, count) = layout.Coded[column];
            int code = codes[column][row];
            if (kind == CodeKind.Level)
            {
                if (code > 0) AddValue(first + code - 1, 1, weight, ofClass);
                continue;
            }
            for (var bit = 0; bit < count; bit++)
            {
                if ((code >> bit & 1) != 0) AddValue(first + bit, 1, weight, ofClass);
            }
        }
    }

    void AddSparse(SparseRows sparse, int row, double weight, Span<double> ofClass)
    {
        for (var i = sparse.Starts[row]; i < sparse.Starts[row + 1]; i++)
            AddValue(layout.SparseFirst + sparse.Features[i], sparse.Values?[i] ?? 1, weight, ofClass);
    }

    void AddValue(int feature, double x, double weight, Span<double> ofClass)
    {
        var weighted = weight * x;
        Absolutes[feature] += Math.Abs(weighted);
        Squares[feature] += weighted * x;
        ofClass[feature] += weighted;
    }

    static void Add(ReadOnlySpan<double> source, Span<double> destination)
    {
        for (var i = 0; i < source.Length; i++) destination[i] += source[i];
    }
}
