using DistTrain.Numerics;

namespace DistTrain.Learning.Metrics;

/// <summary>
/// How rows of each of a few classes, and all others, spread over the bins of the class's probability: what one-vs-rest ROC AUC is
/// computed from. Exact sums, the same in any order or grouping. One MiB per class.
/// </summary>
/// <remarks>Sums are 64-bit integers at the scalar scale, which keeps Σ w below 2⁶¹.</remarks>
public sealed class RankingSums(int classCount)
{
    /// <summary>Most classes that are counted at once: 8 MiB.</summary>
    public const int GroupSize = 8;

    /// <summary>Most classes of a model whose ranking is measured; beyond it the passes would take longer than they are worth.</summary>
    public const int ClassesMax = 64;

    readonly long[] _weights = new long[NumberCount(classCount)];

    /// <summary>How many numbers the sums of a model of so many classes are.</summary>
    internal static int NumberCount(int classCount) => 2 * ScoreBins.Count * Math.Min(classCount, GroupSize);

    /// <summary>All weights: for each class its own rows' bins, then those of all others.</summary>
    internal long[] Weights => _weights;

    /// <summary>Classes counted at once.</summary>
    public int GroupCount => _weights.Length / (2 * ScoreBins.Count);

    /// <summary>
    /// Counts a row for the classes from <paramref name="firstClass"/> on, as many as there are up to <see cref="GroupCount"/>.
    /// </summary>
    /// <param name="probabilities">[K].</param>
    /// <param name="observed">The row's class; below 0 where the softmax does not have it.</param>
    /// <param name="scale">The scalar scale.</param>
    public void Add(ReadOnlySpan<double> probabilities, int firstClass, int observed, double weight, double scale)
    {
        var rounded = FixedPoint.Round(weight * scale);
        var count = Math.Min(GroupCount, probabilities.Length - firstClass);
        for (var i = 0; i < count; i++)
        {
            var isOther = firstClass + i == observed ? 0 : 1;
            _weights[(2 * i + isOther) * ScoreBins.Count + ScoreBins.Of(probabilities[firstClass + i])] += rounded;
        }
    }

    public void Add(RankingSums other)
    {
        for (var i = 0; i < _weights.Length; i++) _weights[i] += other._weights[i];
    }

    /// <summary>Weight of the rows of class <paramref name="index"/> of the group in each bin.</summary>
    public ReadOnlySpan<long> Own(int index) => _weights.AsSpan(2 * index * ScoreBins.Count, ScoreBins.Count);

    /// <summary>Weight of all other rows in each bin of that class's probability.</summary>
    public ReadOnlySpan<long> Others(int index) => _weights.AsSpan((2 * index + 1) * ScoreBins.Count, ScoreBins.Count);
}
