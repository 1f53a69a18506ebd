using System.Runtime.CompilerServices;
using DistTrain.Data.Storage;
using DistTrain.Numerics;

namespace DistTrain.Learning.Kernels;

/// <summary>The rows of a shard one by one, each in two parts: what is not held sparse, with the intercept, and what is.</summary>
sealed unsafe class OnlineRows(FeatureLayout layout)
{
    readonly float[] _dense = new float[layout.DenseStride];
    readonly AlignedMemory<int> _headFeatures = new(layout.SparseFirst + 1);
    readonly AlignedMemory<float> _headValues = new(layout.SparseFirst + 1);
    int[] _starts = [];
    AlignedMemory<int> _features = new(0);
    AlignedMemory<float> _values = new(0);

    /// <summary>Whether sparse columns of the shard hold anything else than ones.</summary>
    public bool HasValues { get; private set; }

    /// <summary>Nonzeros of sparse columns.</summary>
    int _count;

    /// <summary>Turns the sparse columns of a shard into rows.</summary>
    public void Open(Shard shard)
    {
        var columns = shard.Sparse;
        HasValues = columns.Values.Length > 0;
        if (_starts.Length < shard.RowCount + 1) _starts = new int[shard.RowCount + 1];
        Array.Clear(_starts);
        foreach (var row in columns.Rows) _starts[row]++;
        var total = 0;
        for (var row = 0; row <= shard.RowCount; row++) (_starts[row], total) = (total, total + _starts[row]);
        (_count, _features) = (total, _features.AtLeast(total));
        if (HasValues) _values = _values.AtLeast(total);
        Place(columns);
    }

    /// <summary>What a row has of features not held sparse, ascending, and the intercept, of value 1.</summary>
    public OnlineNonzeros HeadOf(Shard shard, int row)
    {
        var count = 0;
        var dense = shard.Dense.Read(row, _dense);
        for (var d = 0; d < layout.DenseCount; d++)
        {
            if (dense[d] != 0) Add(d, dense[d]);
        }
        for (var column = 0; column < layout.Coded.Length; column++)
        {
            foreach (var feature in new CodeFeatures(layout.Coded[column], shard.Codes[column][row])) Add(feature, 1);
        }
        Add(layout.FeatureCount, 1);
        return new OnlineNonzeros(_headFeatures.First, _headValues.First, count);

        void Add(int feature, float value) => (_headFeatures.First[count], _headValues.First[count++]) = (feature, value);
    }

    /// <summary>Its sparse features.</summary>
    public OnlineNonzeros SparseOf(int row)
    {
        // Each row's start has moved on to the next row's.
        var first = row == 0 ? 0 : _starts[row - 1];
        return new OnlineNonzeros(_features.First + first, HasValues ? _values.First + first : null, _starts[row] - first);
    }

    /// <summary>The sparse features of all rows from one on.</summary>
    /// <param name="row">At least 1.</param>
    public ReadOnlySpan<int> FeaturesFrom(int row) => _features.Span[_starts[row - 1].._count];

    [MethodImpl(Compilation.Full)]
    void Place(SparseColumns columns)
    {
        Span<int> target = _features.Span;
        Span<float> values = HasValues ? _values.Span : default;
        fixed (int* starts = _starts)
        fixed (ushort* features = columns.Features, rows = columns.Rows)
        fixed (float* stored = columns.Values)
        {
            foreach (var group in columns.Groups)
            {
                var first = layout.SparseFirst + group.Panel * SparseColumns.PanelFeatures;
                var row = rows + group.FirstRow;
                var value = group.HasValues ? stored + group.FirstValue : null;
                for (var i = 0; i < group.FeatureCount; i++)
                {
                    var feature = first + features[group.FirstFeature + i];
                    for (var end = row + group.RunLength; row < end; row++)
                    {
                        var at = starts[*row]++;
                        target[at] = feature;
                        if (!values.IsEmpty) values[at] = value is null ? 1 : *value++;
                    }
                }
            }
        }
    }
}

/// <summary>Some nonzeros of a row.</summary>
/// <param name="features">[count].</param>
/// <param name="values">[count]; null where all are 1.</param>
readonly unsafe struct OnlineNonzeros(int* features, float* values, int count)
{
    public int* Features { get; } = features;

    public float* Values { get; } = values;

    public int Count { get; } = count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double ValueAt(int i) => Values is null ? 1 : Values[i];
}
