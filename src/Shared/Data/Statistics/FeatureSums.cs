using System.Collections.Immutable;
using System.Runtime.Intrinsics;
using DistTrain.Data.Storage;
using DistTrain.Numerics;

namespace DistTrain.Data.Statistics;

/// <summary>
/// Sums over training rows in double, by held feature and active class. A shard's are taken row by row, then merged in shard order.
/// </summary>
sealed class FeatureSums
{
    const int Absolute = 0;
    const int Square = 1;
    const int FirstClass = 2;
    const int PerClass = 2;

    /// <summary>Bytes that the sums of shards in work may take together, beyond those of one.</summary>
    const long PartsBytesMax = 1L << 28;

    /// <summary>Numbers that are merged by one piece of work.</summary>
    const int MergedAtOnce = 1 << 16;

    readonly FeatureLayout _layout;
    readonly int _classCount;
    readonly int _denseCount;
    readonly int _recordLength;
    readonly DenseFeatureSums _dense;
    readonly float[] _row;

    /// <summary>
    /// A record for each feature that is not dense, so that a nonzero touches one place: Σ w|x|, Σ wx², then for each class Σ wx and Σ wx².
    /// </summary>
    readonly double[] _records;

    FeatureSums(int classCount, FeatureLayout layout)
    {
        (_layout, _classCount) = (layout, classCount);
        (_denseCount, _recordLength) = (layout.DenseCount, FirstClass + PerClass * classCount);
        _dense = new DenseFeatureSums(classCount, layout.DenseStride);
        _row = new float[layout.DenseStride];
        _records = new double[(long)(layout.FeatureCount - _denseCount) * _recordLength];
        ClassWeights = new double[classCount];
    }

    /// <summary>For each class, Σ wᵢ.</summary>
    public double[] ClassWeights { get; }

    long Bytes => sizeof(double) * (_records.LongLength + _dense.Values.LongLength);

    /// <summary>The sums of all shards, the same whatever runs the pieces: some shards at a time, each by itself, then added in order.</summary>
    public static FeatureSums Of(ImmutableArray<ShardRows> shards, int classCount, FeatureLayout layout, IParallelFor parallel)
    {
        var total = new FeatureSums(classCount, layout);
        var atOnce = Math.Min(Math.Min(shards.Length, parallel.Degree), (int)Math.Max(1, PartsBytesMax / Math.Max(1, total.Bytes)));
        FeatureSums[] parts = [.. Enumerable.Range(0, atOnce).Select(_ => new FeatureSums(classCount, layout))];
        for (var first = 0; first < shards.Length; first += atOnce)
        {
            var (from, count) = (first, Math.Min(atOnce, shards.Length - first));
            parallel.Run(count, i => parts[i].Take(shards[from + i]));
            total.Add(parts.AsMemory(0, count), parallel);
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
        var sums = new double[_layout.FeatureCount];
        for (var k = 0; k < _classCount; k++) Add(Column(FirstClass + PerClass * k), sums);
        return sums;
    }

    double[] ByClass(int entry)
    {
        var sums = new double[(long)_classCount * _layout.FeatureCount];
        for (var k = 0; k < _classCount; k++)
            CopyColumn(FirstClass + PerClass * k + entry, sums.AsSpan(k * _layout.FeatureCount, _layout.FeatureCount));
        return sums;
    }

    double[] Column(int entry)
    {
        var column = new double[_layout.FeatureCount];
        CopyColumn(entry, column);
        return column;
    }

    void CopyColumn(int entry, Span<double> column)
    {
        _dense.Plane(entry)[.._denseCount].CopyTo(column);
        var others = column[_denseCount..];
        for (var d = 0; d < others.Length; d++) others[d] = _records[d * _recordLength + entry];
    }

    /// <summary>Adds the parts in their order, each number by itself.</summary>
    void Add(ReadOnlyMemory<FeatureSums> parts, IParallelFor parallel)
    {
        foreach (var part in parts.Span)
        {
            Add(part.ClassWeights, ClassWeights);
            Add(part._dense.Values, _dense.Values);
        }
        var pieceCount = (_records.Length + MergedAtOnce - 1) / MergedAtOnce;
        parallel.Run(pieceCount, piece =>
        {
            var (first, count) = (piece * MergedAtOnce, Math.Min(MergedAtOnce, _records.Length - piece * MergedAtOnce));
            foreach (var part in parts.Span) Add(part._records.AsSpan(first, count), _records.AsSpan(first, count));
        });
    }

    /// <summary>Forgets what it holds and takes the sums of one shard.</summary>
    void Take(ShardRows shard)
    {
        Array.Clear(ClassWeights);
        Array.Clear(_dense.Values);
        Array.Clear(_records);
        for (var row = 0; row < shard.RowCount; row++)
        {
            double weight = shard.WeightOf(row);
            if (weight == 0) continue;

            var label = shard.Labels[row];
            ClassWeights[label] += weight;
            _dense.Add(shard.Dense.Read(row, _row), weight, label);
            AddCoded(shard.Codes, row, weight, label);
            AddSparse(shard.Sparse, row, weight, label);
        }
    }

    void AddCoded(byte[][] codes, int row, double weight, int label)
    {
        for (var column = 0; column < codes.Length; column++)
        {
            var (kind, first, count) = _layout.Coded[column];
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
        var (start, end, first) = (sparse.Starts[row], sparse.Starts[row + 1], _layout.SparseFirst);
        var features = sparse.Features.AsSpan(start..end);
        if (sparse.Values is null)
        {
            foreach (var feature in features) AddValue(first + feature, 1, weight, label);
            return;
        }
        var values = sparse.Values.AsSpan(start..end);
        for (var i = 0; i < features.Length; i++) AddValue(first + features[i], values[i], weight, label);
    }

    void AddValue(int feature, double x, double weight, int label)
    {
        var weighted = weight * x;
        var square = weighted * x;
        ref var record = ref _records[(feature - _denseCount) * _recordLength];
        AddPair(ref record, Absolute, Math.Abs(weighted), square);
        AddPair(ref record, FirstClass + PerClass * label, weighted, square);
    }

    /// <summary>Adds to two neighbours of a record at once.</summary>
    static void AddPair(ref double record, int first, double one, double other) =>
        (Vector128.LoadUnsafe(ref record, (nuint)first) + Vector128.Create(one, other)).StoreUnsafe(ref record, (nuint)first);

    static void Add(ReadOnlySpan<double> source, Span<double> destination)
    {
        for (var i = 0; i < source.Length; i++) destination[i] += source[i];
    }
}
