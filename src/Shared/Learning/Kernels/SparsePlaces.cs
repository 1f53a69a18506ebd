using DistTrain.Data.Storage;

namespace DistTrain.Learning.Kernels;

/// <summary>
/// Where the numbers of a shard's sparse features lie in a table: each at its own number, or those that the shard touches, in ascending
/// order.
/// </summary>
/// <param name="isGathered">True: the table has one entry for each feature touched; false: one for each sparse feature.</param>
readonly struct SparsePlaces(SparseColumns columns, bool isGathered)
{
    readonly TouchedFeatures? _touched = isGathered ? columns.Touched : null;

    /// <summary>For each entry of the columns' features, its place in its panel's part of the table.</summary>
    public ushort[] InPanel => _touched?.Places ?? columns.Features;

    /// <summary>The entry at which a panel's part of the table begins.</summary>
    public nint StartOf(int panel) => _touched?.StartOf(panel) ?? (nint)panel * SparseColumns.PanelFeatures;
}
