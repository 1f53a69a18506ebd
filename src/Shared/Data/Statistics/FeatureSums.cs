using System.Collections.Immutable;
using DistTrain.Data.Storage;

namespace DistTrain.Data.Statistics;

/// <summary>
/// Sums over training rows in double, by held feature and active class. A shard's are taken row by row, then merged in shard order.
/// </summary>
sealed class FeatureSums(int classCount, FeatureLayout layout)
{
    const int Absolute = 0;
    const int Square = 1;
    const int FirstClass = 2;
    const int PerClass = 2;

    /// <summary>
    /// A record for each feature, so that a nonzero touches one place: Σ w|x|, Σ wx², then for each class Σ wx and Σ wx².
    /// </summary>
    readonly double[] _records = new double[(long)layout.FeatureCount * LengthOf(classCount)];

    readonly int _featureCount = layout.FeatureCount;

    /// <summary>For each class, Σ wᵢ.</summary>
    public double[] ClassWeights { get; } = new double[classCount];

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

    /// <summary>Σ wᵢ |xᵢd|.</summary>
    public double[] Absolutes() => Column(Absolute);

    /// <summary>Σ wᵢ xᵢd².</summary>
    public double[] Squares() => Column(Square);

    /// <summary>Σ wᵢ xᵢd over the rows of class k, at [k·D + d].</summary>
    public double[] ByClass() => ByClass(0);

    /// <summary>Σ wᵢ xᵢd² over the rows of class k, at [k·D + d].</summary>
    public double[] SquaresByClass() => ByClass(1);

    /// <summary>Σ wᵢ xᵢd: the classes' sums, added in class order.</summary>
    public double[] Sums()
    {
        var sums = new double[_featureCount];
        for (var k = 0; k < classCount; k++) Add(Column(FirstClass + PerClass * k), sums);
        return sums;
    }

    double[] ByClass(int entry)
    {
        var sums = new double[(long)classCount * _featureCount];
        for (var k = 0; k < classCount; k++) Column(FirstClass + PerClass * k + entry).CopyTo(sums, k * _featureCount);
        return sums;
    }

    double[] Column(int entry)
    {
        var column = new double[_featureCount];
        for (var d = 0; d < column.Length; d++) column[d] = _records[d * LengthOf(classCount) + entry];
        return column;
    }

    void Add(FeatureSums other)
    {
        Add(other.ClassWeights, ClassWeights);
        Add(other._records, _records);
    }

    void Clear()
    {
        Array.Clear(ClassWeights);
        Array.Clear(_records);
    }

    void Add(ShardRows shard)
    {
        for (var row = 0; row < shard.RowCount; row++)
        {
            double weight = shard.WeightOf(row);
            if (weight == 0) continue;

            var label = shard.Labels[row];
            ClassWeights[label] += weight;
            AddDense(shard.Dense.Row(row)[..layout.DenseCount], weight, label);
            AddCoded(shard.Codes, row, weight, label);
            AddSparse(shard.Sparse, row, weight, label);
        }
    }

    void AddDense(ReadOnlySpan<float> features, double weight, int label)
    {
        for (var d = 0; d < features.Length; d++) AddValue(d, features[d], weight, label);
    }

    void AddCoded(byte[][] codes, int row, double weight, int label)
    {
        for (var column = 0; column < codes.Length; column++)
        {
            var (kind, first, count) = layout.Coded[column];
            int code = codes[column][row];
            if (kind == CodeKind.Level)
            {
                if (code > 0) AddValue(first + code - 1, 1, weight, label);
                continue;
            }
            for (var bit = 0; bit < count; bit++)
            {
                if ((code >> bit & 1) != 0) AddValue(first + bit, 1, weight, label);
            }
        }
    }

    void AddSparse(SparseRows sparse, int row, double weight, int label)
    {
        for (var i = sparse.Starts[row]; i < sparse.Starts[row + 1]; i++)
            AddValue(layout.SparseFirst + sparse.Features[i], sparse.Values?[i] ?? 1, weight, label);
    }

    void AddValue(int feature, double x, double weight, int label)
    {
        var weighted = weight * x;
        var record = _records.AsSpan(feature * LengthOf(classCount), LengthOf(classCount));
        record[Absolute] += Math.Abs(weighted);
        record[Square] += weighted * x;
        record[FirstClass + PerClass * label] += weighted;
        record[FirstClass + PerClass * label + 1] += weighted * x;
    }

    static int LengthOf(int classCount) => FirstClass + PerClass * classCount;

    static void Add(ReadOnlySpan<double> source, Span<double> destination)
    {
        for (var i = 0; i < source.Length; i++) destination[i] += source[i];
    }
}
