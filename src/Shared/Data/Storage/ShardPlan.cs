using System.Globalization;
using DistTrain.Learning.Kernels;
using DistTrain.Problems;

namespace DistTrain.Data.Storage;

/// <summary>Into how many shards a part of a dataset is cut: a pure function of its rows and its kind.</summary>
/// <remarks>
/// A sparse shard is one block with a row of logits per example as scratch, so rows × lanes is bounded; a dense one is bounded in
/// bytes. Where features are few, a shard of half as many rows still has several nonzeros of each, and what its passes touch stays nearer.
/// Beyond that, 16 shards keep some workers busy on small data, as long as a shard keeps about a thousand rows.
/// </remarks>
static class ShardPlan
{
    const int SmallShardsMax = 16;
    const int SmallShardRows = 1024;
    const int ScratchFloats = 1 << 20;
    const int DenseFloats = 1 << 26;

    const int FewSparseFeatures = 1 << 17;
    const int FewFeaturesRowsMax = 1 << 15;
    const int RowsMaxMin = 256;

    /// <summary>Array elements that a shard's dense rows may take, less the room for alignment.</summary>
    const int DenseFloatsMax = int.MaxValue - 128;

    /// <summary>What the user asks for, or else the default.</summary>
    public static int CountOf(int? asked, int rowCount, FeatureLayout layout, int classCount) =>
        asked is { } count ? AskedCount(count, rowCount, layout) : DefaultCount(rowCount, layout, classCount);

    /// <summary>At least 1 for at least one row, and never more than the rows; 0 for none.</summary>
    public static int DefaultCount(int rowCount, FeatureLayout layout, int classCount) =>
        Math.Max(CeilingOf(rowCount, RowsMax(layout, classCount)), Math.Min(SmallShardsMax, CeilingOf(rowCount, SmallShardRows)));

    /// <summary>What the user asks for, where it can work.</summary>
    public static int AskedCount(int asked, int rowCount, FeatureLayout layout)
    {
        if (asked > rowCount) throw TooMany(asked, rowCount).AsException();

        var smallest = CeilingOf(rowCount, RowsLimit(layout));
        return asked >= smallest ? asked : throw TooFew(asked, rowCount, layout, smallest).AsException();
    }

    /// <summary>Rows of a shard that the arithmetic bears: a sparse shard numbers them in 16 bits, a dense one is one array.</summary>
    public static int RowsLimit(FeatureLayout layout) => Math.Min(
        layout.SparseCount > 0 ? Shard.SparseRowsMax : int.MaxValue,
        DenseFloatsMax / Math.Max(1, layout.DenseStride));

    static int RowsMax(FeatureLayout layout, int classCount)
    {
        var sparseRows = layout.SparseCount > 0 ? SparseRowsMax(layout, classCount) : Shard.SparseRowsMax;
        var denseRows = DenseFloats / Math.Max(1, layout.DenseStride);
        return Math.Clamp(Math.Min(sparseRows, denseRows), Math.Min(RowsMaxMin, RowsLimit(layout)), Shard.SparseRowsMax);
    }

    static int SparseRowsMax(FeatureLayout layout, int classCount) => Math.Min(
        ScratchFloats / new LaneLayout(classCount).LaneCount,
        layout.SparseCount <= FewSparseFeatures ? FewFeaturesRowsMax : Shard.SparseRowsMax);

    static int CeilingOf(int count, int divisor) => (int)(((long)count + divisor - 1) / divisor);

    static Problem TooMany(int asked, int rowCount) =>
        new("DT3502", ExitCode.Configuration, $"--shards is {Text(asked)}, but there are {Text(rowCount)} training rows",
            $"expected: at most {Text(rowCount)}, so that no shard is empty");

    static Problem TooFew(int asked, int rowCount, FeatureLayout layout, int smallest) =>
        new("DT3503", ExitCode.Configuration,
            $"--shards is {Text(asked)}: a shard would have {Text(CeilingOf(rowCount, asked))} rows, more than {Text(RowsLimit(layout))}",
            $"expected: at least {Text(smallest)} for {Text(rowCount)} training rows "
            + (layout.SparseCount > 0 ? "with sparse features" : $"of {Text(layout.DenseCount)} dense features"));

    static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
