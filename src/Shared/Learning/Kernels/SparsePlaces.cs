using DistTrain.Data.Storage;
using DistTrain.Numerics;

namespace DistTrain.Learning.Kernels;

/// <summary>
/// Where the numbers of a shard's sparse features lie in a table: each at its own number, or gathered in the order of the columns.
/// </summary>
/// <param name="isGathered">
/// True: the table has one entry for each entry of <see cref="SparseColumns.Features"/>, in that order; false: one for each sparse feature.
/// </param>
readonly unsafe struct SparsePlaces(bool isGathered)
{
    static readonly AlignedMemory<ushort> OneByOne = Ascending();

    /// <summary>The entry from which the places of a group are counted.</summary>
    public nint FirstOf(SparseGroup group) => isGathered ? group.FirstFeature : (nint)group.Panel * SparseColumns.PanelFeatures;

    /// <summary>The places of a group's features, counted from <see cref="FirstOf"/>.</summary>
    /// <param name="features">The columns' features.</param>
    public ushort* Of(SparseGroup group, ushort* features) => isGathered ? OneByOne.First : features + group.FirstFeature;

    static AlignedMemory<ushort> Ascending()
    {
        var places = new AlignedMemory<ushort>(SparseColumns.PanelFeatures);
        for (var i = 0; i < places.Length; i++) places.First[i] = (ushort)i;
        return places;
    }
}
