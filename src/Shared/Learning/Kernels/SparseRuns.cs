using DistTrain.Data.Storage;

namespace DistTrain.Learning.Kernels;

/// <summary>The columns of a shard one by one, in stored order; for a plain foreach.</summary>
ref struct SparseRuns(SparseColumns columns)
{
    int _group = -1;
    int _index;

    public SparseRun Current { get; private set; }

    public readonly SparseRuns GetEnumerator() => this;

    public bool MoveNext()
    {
        if (_group < 0 || ++_index == columns.Groups[_group].FeatureCount)
        {
            if (++_group == columns.Groups.Length) return false;
            _index = 0;
        }
        Current = RunOf(columns.Groups[_group]);
        return true;
    }

    readonly SparseRun RunOf(SparseGroup group) => new(
        group.Panel * SparseColumns.PanelFeatures + columns.Features[group.FirstFeature + _index],
        columns.Rows.AsSpan(group.FirstRow + _index * group.RunLength, group.RunLength),
        group.HasValues ? columns.Values.AsSpan(group.FirstValue + _index * group.RunLength, group.RunLength) : default);
}

/// <summary>The nonzeros of one feature in one shard.</summary>
/// <param name="feature">Sparse number, from 0.</param>
/// <param name="rows">Ascending.</param>
/// <param name="values">As many as rows; empty where all are 1.</param>
readonly ref struct SparseRun(int feature, ReadOnlySpan<ushort> rows, ReadOnlySpan<float> values)
{
    readonly ReadOnlySpan<float> _values = values;

    public int Feature { get; } = feature;

    public ReadOnlySpan<ushort> Rows { get; } = rows;

    public float ValueAt(int index) => _values.IsEmpty ? 1f : _values[index];
}
