using DistTrain.Data.Storage;
using DistTrain.Numerics;

namespace DistTrain.Learning.Kernels;

/// <summary>What a kernel needs of the sparse features that a shard touches, in ascending order: scratch of one thread.</summary>
sealed class GatheredFeatures(FeatureLayout layout, LaneLayout lanes, Scales scales)
{
    int[] _features = [];
    double[] _weights = [];

    public int Count { get; private set; }

    /// <summary>Their weights, [groups][features][Width].</summary>
    public AlignedMemory<float> Weights { get; private set; } = new(0);

    /// <summary>Their scales; longer than <see cref="Count"/>.</summary>
    public double[] Scales { get; private set; } = [];

    /// <summary>Takes up the features of some columns, with their weights at a point.</summary>
    public void Open(FloatTables point, SparseColumns columns)
    {
        var touched = columns.Touched.Features;
        Count = touched.Length;
        if (_features.Length < Count) MakeRoom(Count);
        for (var i = 0; i < touched.Length; i++)
        {
            var feature = layout.SparseFirst + touched[i];
            _features[i] = feature;
            Scales[i] = scales.Features[feature];
        }
        point.Gather(_features.AsSpan(0, Count), _weights, Weights);
    }

    void MakeRoom(int count)
    {
        _features = new int[count];
        _weights = new double[checked(count * lanes.ClassCount)];
        Scales = new double[count];
        Weights = Weights.AtLeast(checked(count * lanes.LaneCount));
    }
}
