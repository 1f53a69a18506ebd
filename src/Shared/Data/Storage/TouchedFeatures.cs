using System.Numerics;

namespace DistTrain.Data.Storage;

/// <summary>The features that have nonzeros in some columns, in ascending order, and where in it each of the columns stands.</summary>
public sealed class TouchedFeatures
{
    const int WordBits = 64;

    readonly int[] _panelStarts;

    internal TouchedFeatures(SparseColumns columns)
    {
        (Features, Places) = (new int[columns.Features.Length], new ushort[columns.Features.Length]);
        _panelStarts = new int[columns.IsEmpty ? 0 : columns.Groups[^1].Panel + 1];
        var present = new ulong[SparseColumns.PanelFeatures / WordBits];
        var before = new int[present.Length];
        var start = 0;
        for (var first = 0; first < columns.Groups.Length;)
        {
            var end = first + 1;
            while (end < columns.Groups.Length && columns.Groups[end].Panel == columns.Groups[first].Panel) end++;
            start = OrderPanel(columns, first, end, start, present, before);
            first = end;
        }
    }

    /// <summary>Sparse numbers, ascending.</summary>
    public int[] Features { get; }

    /// <summary>For each entry of <see cref="SparseColumns.Features"/>, its place in <see cref="Features"/>, counted from its panel's first.</summary>
    public ushort[] Places { get; }

    /// <summary>Place of a panel's first feature.</summary>
    public int StartOf(int panel) => _panelStarts[panel];

    /// <summary>Orders the columns of the groups of one panel; returns the place after its last.</summary>
    int OrderPanel(SparseColumns columns, int firstGroup, int endGroup, int start, ulong[] present, int[] before)
    {
        var (first, last) = (columns.Groups[firstGroup], columns.Groups[endGroup - 1]);
        var offsets = columns.Features.AsSpan(first.FirstFeature..(last.FirstFeature + last.FeatureCount));
        Array.Clear(present);
        foreach (var offset in offsets) present[offset / WordBits] |= 1UL << offset;
        var count = 0;
        for (var word = 0; word < present.Length; word++)
        {
            before[word] = count;
            count += BitOperations.PopCount(present[word]);
        }

        _panelStarts[first.Panel] = start;
        for (var i = 0; i < offsets.Length; i++)
        {
            var (word, lower) = (offsets[i] / WordBits, (1UL << offsets[i]) - 1);
            var place = before[word] + BitOperations.PopCount(present[word] & lower);
            Places[first.FirstFeature + i] = (ushort)place;
            Features[start + place] = first.Panel * SparseColumns.PanelFeatures + offsets[i];
        }
        return start + count;
    }
}
