using System.Collections.Immutable;

namespace DistTrain.Data.Storage;

/// <summary>
/// A shard's sparse features stored by columns: panels of 2¹⁴ features; in a panel, features of equally many nonzeros together
/// (groups of run length 1, 2, … 64, then single long columns), ascending by feature inside a group.
/// </summary>
/// <remarks>
/// No pointers to runs are needed: a group of n features of run length r takes n entries of <see cref="Features"/> and n·r of
/// <see cref="Rows"/>, feature by feature, rows ascending. Values are kept only for features that hold something else than ones.
/// Equal run lengths keep the processor's branch prediction right: about twice the speed of plain ascending columns.
/// </remarks>
public sealed class SparseColumns
{
    /// <summary>Features of a panel: an offset in it fits 16 bits.</summary>
    public const int PanelFeatures = 1 << 14;

    /// <summary>Longest run that shares its group with others.</summary>
    public const int GroupedRunLengthMax = 64;

    // Two threads may find the same twice.
    volatile TouchedFeatures? _touched;

    public static readonly SparseColumns Empty = new() { Groups = [], Features = [], Rows = [], Values = [] };

    public required ImmutableArray<SparseGroup> Groups { get; init; }

    /// <summary>For each feature of each group, its offset within the group's panel.</summary>
    public required ushort[] Features { get; init; }

    /// <summary>For each nonzero, its row in the shard.</summary>
    public required ushort[] Rows { get; init; }

    /// <summary>The nonzeros of the groups that have values.</summary>
    public required float[] Values { get; init; }

    public bool IsEmpty => Groups.IsEmpty;

    /// <summary>Its features in ascending order; found when first asked for, and then kept.</summary>
    public TouchedFeatures Touched => _touched ??= new TouchedFeatures(this);

    /// <summary>Number of nonzeros.</summary>
    public int NonzeroCount => Rows.Length;

    /// <summary>The groups of one panel, in stored order.</summary>
    internal ReadOnlySpan<SparseGroup> GroupsOf(int panel)
    {
        var (first, end) = (FirstGroupOf(panel), FirstGroupOf(panel + 1));
        return Groups.AsSpan(first..end);
    }

    /// <summary>The place among <see cref="Groups"/> of the first that is of this panel or a later one.</summary>
    int FirstGroupOf(int panel)
    {
        var (first, end) = (0, Groups.Length);
        while (first < end)
        {
            var middle = (first + end) / 2;
            if (Groups[middle].Panel < panel) first = middle + 1;
            else end = middle;
        }
        return first;
    }
}

/// <summary>Features of one panel with equally many nonzeros.</summary>
/// <param name="Panel">Sparse feature f (0 is the layout's first sparse feature) lies in panel f / 2¹⁴ at offset f mod 2¹⁴.</param>
/// <param name="RunLength">Nonzeros of each feature, at least 1.</param>
/// <param name="FeatureCount">Features in the group; 1 where RunLength exceeds 64.</param>
/// <param name="FirstFeature">Index of the group's first entry in <see cref="SparseColumns.Features"/>.</param>
/// <param name="FirstRow">Index of its first entry in <see cref="SparseColumns.Rows"/>.</param>
/// <param name="FirstValue">Index of its first entry in <see cref="SparseColumns.Values"/>; −1 where all values are 1.</param>
public readonly record struct SparseGroup(
    int Panel, int RunLength, int FeatureCount, int FirstFeature, int FirstRow, int FirstValue)
{
    public bool HasValues => FirstValue >= 0;
}
