using DistTrain.Data.Storage;

namespace DistTrain.Learning.Kernels;

/// <summary>The rows of a shard one by one, as held features and their values; the intercept, of value 1, is the last.</summary>
sealed class OnlineRows(FeatureLayout layout)
{
    readonly float[] _dense = new float[layout.DenseStride];
    int[] _starts = [];
    int[] _sparseFeatures = [];
    float[] _sparseValues = [];
    int[] _features = [];
    double[] _values = [];
    int _count;

    /// <summary>The nonzeros of the row last taken.</summary>
    public ReadOnlySpan<int> Features => _features.AsSpan(0, _count);

    /// <summary>Their values.</summary>
    public ReadOnlySpan<double> Values => _values.AsSpan(0, _count);

    /// <summary>Turns the sparse columns of a shard into rows.</summary>
    public void Open(Shard shard)
    {
        if (_starts.Length < shard.RowCount + 1) _starts = new int[shard.RowCount + 1];
        Array.Clear(_starts);
        foreach (var run in new SparseRuns(shard.Sparse))
        {
            foreach (var row in run.Rows) _starts[row]++;
        }
        var (total, widest) = Accumulate(shard.RowCount);
        if (_sparseFeatures.Length < total) (_sparseFeatures, _sparseValues) = (new int[total], new float[total]);
        foreach (var run in new SparseRuns(shard.Sparse))
        {
            for (var i = 0; i < run.Rows.Length; i++)
            {
                var at = _starts[run.Rows[i]]++;
                (_sparseFeatures[at], _sparseValues[at]) = (layout.SparseFirst + run.Feature, run.ValueAt(i));
            }
        }
        var room = layout.SparseFirst + widest + 1;
        if (_features.Length < room) (_features, _values) = (new int[room], new double[room]);
    }

    public void Take(Shard shard, int row)
    {
        _count = 0;
        var dense = shard.Dense.Read(row, _dense);
        for (var d = 0; d < layout.DenseCount; d++)
        {
            if (dense[d] != 0) Add(d, dense[d]);
        }
        for (var column = 0; column < layout.Coded.Length; column++)
        {
            foreach (var feature in new CodeFeatures(layout.Coded[column], shard.Codes[column][row])) Add(feature, 1);
        }
        // Each row's start has moved on to the next row's.
        for (var i = row == 0 ? 0 : _starts[row - 1]; i < _starts[row]; i++) Add(_sparseFeatures[i], _sparseValues[i]);
        Add(layout.FeatureCount, 1);
    }

    void Add(int feature, double value) => (_features[_count], _values[_count++]) = (feature, value);

    /// <summary>Counts to starts; gives their sum and the largest.</summary>
    (int Total, int Widest) Accumulate(int rowCount)
    {
        var (total, widest) = (0, 0);
        for (var row = 0; row < rowCount; row++)
        {
            var count = _starts[row];
            (_starts[row], total, widest) = (total, total + count, Math.Max(widest, count));
        }
        return (total, widest);
    }
}
