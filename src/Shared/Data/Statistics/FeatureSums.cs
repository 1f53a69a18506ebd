using System.Collections.Immutable;
using System.Runtime.Intrinsics;
using DistTrain.Data.Storage;
using DistTrain.Numerics;

namespace DistTrain.Data.Statistics;

/// <summary>
/// Sums over training rows in double, by held feature and active class. A shard's are taken row by row, then added in shard order.
/// </summary>
/// <remarks>
/// A shard's sums of a sparse feature are those of its column, so that they are added at once; those of all others are kept by themselves
/// until the shards before are added.
/// </remarks>
sealed class FeatureSums
{
    const int Absolute = 0;
    const int Square = 1;
    const int FirstClass = 2;
    const int PerClass = 2;

    readonly FeatureLayout _layout;
    readonly int _classCount;
    readonly int _denseCount;
    readonly int _recordLength;

    /// <summary>Of all shards.</summary>
    readonly RowSums _total;

    /// <summary>Of shards at work.</summary>
    readonly RowSums[] _parts;

    /// <summary>A record for each sparse feature, as <see cref="RowSums.Records"/>.</summary>
    readonly double[] _sparse;

    /// <param name="shardsAtOnce">Most shards that are added together.</param>
    public FeatureSums(int classCount, FeatureLayout layout, int shardsAtOnce)
    {
        (_layout, _classCount, _denseCount) = (layout, classCount, layout.DenseCount);
        _recordLength = FirstClass + PerClass * classCount;
        _total = new RowSums(classCount, layout, _recordLength);
        _parts = [.. Enumerable.Range(0, shardsAtOnce).Select(_ => new RowSums(classCount, layout, _recordLength))];
        _sparse = new double[(long)layout.SparseCount * _recordLength];
    }

    /// <summary>For each class, Σ wᵢ.</summary>
    public double[] ClassWeights => _total.ClassWeights;

    /// <summary>Adds shards that follow those added before; the sums are the same whatever runs the pieces.</summary>
    public void Add(ReadOnlyMemory<Shard> shards, IParallelFor parallel)
    {
        parallel.Run(shards.Length, i => _parts[i].Take(shards.Span[i]));
        foreach (var part in _parts.AsSpan(0, shards.Length)) _total.Add(part);
        var panelCount = (_layout.SparseCount + SparseColumns.PanelFeatures - 1) / SparseColumns.PanelFeatures;
        parallel.Run(panelCount, panel =>
        {
            var ofShard = new double[_recordLength];
            foreach (var shard in shards.Span) AddPanel(panel, shard, ofShard);
        });
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
        _total.Dense.Plane(entry)[.._denseCount].CopyTo(column);
        CopyRecords(_total.Records, column[_denseCount.._layout.SparseFirst]);
        CopyRecords(_sparse, column[_layout.SparseFirst..]);

        void CopyRecords(double[] records, Span<double> features)
        {
            for (var d = 0; d < features.Length; d++) features[d] = records[d * _recordLength + entry];
        }
    }

    void AddPanel(int panel, Shard shard, Span<double> ofShard)
    {
        foreach (var group in shard.Sparse.GroupsOf(panel))
        {
            for (var i = 0; i < group.FeatureCount; i++)
            {
                ofShard.Clear();
                var rows = shard.Sparse.Rows.AsSpan(group.FirstRow + i * group.RunLength, group.RunLength);
                var values = group.HasValues ? shard.Sparse.Values.AsSpan(group.FirstValue + i * group.RunLength, group.RunLength) : [];
                for (var r = 0; r < rows.Length; r++)
                {
                    double weight = shard.WeightOf(rows[r]);
                    if (weight != 0) AddValue(ref ofShard[0], values.IsEmpty ? 1 : values[r], weight, shard.Labels[rows[r]]);
                }
                var feature = panel * SparseColumns.PanelFeatures + shard.Sparse.Features[group.FirstFeature + i];
                Add(ofShard, _sparse.AsSpan(feature * _recordLength, _recordLength));
            }
        }
    }

    static void AddValue(ref double record, double x, double weight, int label)
    {
        var weighted = weight * x;
        var square = weighted * x;
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

    /// <summary>The sums of one shard, or of all, for what is held row by row: classes, dense and coded features.</summary>
    sealed class RowSums(int classCount, FeatureLayout layout, int recordLength)
    {
        readonly float[] _row = new float[layout.DenseStride];

        public double[] ClassWeights { get; } = new double[classCount];

        public DenseFeatureSums Dense { get; } = new(classCount, layout.DenseStride);

        /// <summary>
        /// A record for each coded feature, so that a row touches one place: Σ w|x|, Σ wx², then for each class Σ wx and Σ wx².
        /// </summary>
        public double[] Records { get; } = new double[(long)(layout.SparseFirst - layout.DenseCount) * recordLength];

        /// <summary>Forgets what it holds and takes the sums of one shard.</summary>
        public void Take(Shard shard)
        {
            Array.Clear(ClassWeights);
            Array.Clear(Dense.Values);
            Array.Clear(Records);
            for (var row = 0; row < shard.RowCount; row++)
            {
                double weight = shard.WeightOf(row);
                if (weight == 0) continue;

                var label = shard.Labels[row];
                ClassWeights[label] += weight;
                Dense.Add(shard.Dense.Read(row, _row), weight, label);
                AddCoded(shard.Codes, row, weight, label);
            }
        }

        /// <summary>Adds each number to its like.</summary>
        public void Add(RowSums part)
        {
            FeatureSums.Add(part.ClassWeights, ClassWeights);
            FeatureSums.Add(part.Dense.Values, Dense.Values);
            FeatureSums.Add(part.Records, Records);
        }

        void AddCoded(ImmutableArray<byte[]> codes, int row, double weight, int label)
        {
            for (var column = 0; column < codes.Length; column++)
            {
                var (kind, first, count) = layout.Coded[column];
                int code = codes[column][row];
                if (kind == CodeKind.Level)
                {
                    if (code > 0) AddOne(first + code - 1, weight, label);
                    continue;
                }
                for (var bit = 0; bit < count; bit++)
                {
                    if ((code >> bit & 1) != 0) AddOne(first + bit, weight, label);
                }
            }
        }

        void AddOne(int feature, double weight, int label) =>
            AddValue(ref Records[(feature - layout.DenseCount) * recordLength], 1, weight, label);
    }
}
