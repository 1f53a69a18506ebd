using DistTrain.Data.Storage;
using DistTrain.Numerics;

namespace DistTrain.Learning.Kernels;

/// <summary>What a kernel needs of the sparse features that a shard touches, in ascending order: scratch of one thread.</summary>
sealed class GatheredFeatures(FeatureLayout layout, LaneLayout lanes, Scales scales)
{
    /// <summary>Bits of a double's mantissa; those of a scale, a power of two, are 0.</summary>
    const int MantissaBits = 52;

    // The upper bits of each sparse feature's scale: so few bytes that they stay near.
    readonly short[] _scaleBits =
        [.. scales.Features.AsSpan(layout.SparseFirst..).ToArray().Select(scale => (short)(BitConverter.DoubleToInt64Bits(scale) >> MantissaBits))];

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
        Span<int> features = _features.AsSpan(0, Count);
        Span<double> scales = Scales.AsSpan(0, Count);
        var (bits, first) = (_scaleBits, layout.SparseFirst);
        for (var i = 0; i < features.Length; i++) features[i] = first + touched[i];
        for (var i = 0; i < scales.Length; i++) scales[i] = BitConverter.Int64BitsToDouble((long)bits[touched[i]] << MantissaBits);
        point.Gather(_features.AsSpan(0, Count), _weights, Weights);
    }

    void MakeRoom(int count)
    {
        count += count / 8; // Slices differ a little.
        _features = new int[count];
        _weights = new double[checked(count * lanes.ClassCount + FloatTables.GatherPadding)];
        Scales = new double[count];
        Weights = Weights.AtLeast(checked(count * lanes.LaneCount));
    }
}
