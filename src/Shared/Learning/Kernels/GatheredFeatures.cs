using DistTrain.Data.Storage;
using DistTrain.Numerics;

namespace DistTrain.Learning.Kernels;

/// <summary>What a kernel needs of the sparse features that a shard touches, in the order of its columns: scratch of one thread.</summary>
sealed class GatheredFeatures(FeatureLayout layout, LaneLayout lanes, Scales scales)
{
    int[] _features = [];
    double[] _weights = [];

    public int Count { get; private set; }

    /// <summary>Their weights, [groups][features][Width].</summary>
    public AlignedMemory<float> Weights { get; private set; } = new(0);

    /// <summary>Their scales; longer than <see cref="Count"/>.</summary>
    public double[] Scales { get; private set; } = [];

    /// <summary>Held numbers.</summary>
    public ReadOnlySpan<int> Features => _features.AsSpan(0, Count);

    /// <summary>Takes up the features of some columns, with their weights at a point.</summary>
    public void Open(FloatTables point, SparseColumns columns)
    {
        Count = columns.Features.Length;
        if (_features.Length < Count) MakeRoom(Count);
        foreach (var group in columns.Groups)
        {
            var first = layout.SparseFirst + group.Panel * SparseColumns.PanelFeatures;
            for (var i = group.FirstFeature; i < group.FirstFeature + group.FeatureCount; i++)
            {
                var feature = first + columns.Features[i];
                _features[i] = feature;
                Scales[i] = scales.Features[feature];
            }
        }
        point.Gather(Features, _weights, Weights);
    }

    void MakeRoom(int count)
    {
        _features = new int[count];
        _weights = new double[checked(count * lanes.ClassCount)];
        Scales = new double[count];
        Weights = Weights.AtLeast(checked(count * lanes.LaneCount));
    }
}
