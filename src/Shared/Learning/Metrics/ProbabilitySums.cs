using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using DistTrain.Numerics;

namespace DistTrain.Learning.Metrics;

/// <summary>
/// What rows say about a model's probabilities, as exact sums at the scalar scale: added in any order or grouping they are the same.
/// </summary>
/// <remarks>
/// Each row's numbers are rounded once, by themselves. A row whose class the softmax does not have counts everywhere but in the losses:
/// its class has probability 0, so it is never right, and its Brier term is 1 + Σ p².
/// </remarks>
public sealed class ProbabilitySums(int classCount)
{
    /// <summary>Equal-width bins of the top probability, as Guo et al. (2017) take them.</summary>
    public const int BinCount = 15;

    /// <summary>The k of top-k accuracy, where below the number of classes.</summary>
    static readonly ImmutableArray<int> Tops = [1, 2, 3, 5];

    /// <summary>The k of <see cref="TopWeights"/>.</summary>
    public ImmutableArray<int> TopCounts { get; } = [.. Tops.Where(k => k < classCount)];

    /// <summary>For each of <see cref="TopCounts"/>, the weight of rows whose class is among so many first.</summary>
    public WideInteger[] TopWeights { get; } = new WideInteger[Tops.Count(k => k < classCount)];

    /// <summary>Σ w · loss over the rows of each class of the softmax, [K].</summary>
    public WideInteger[] ClassLosses { get; } = new WideInteger[classCount];

    /// <summary>Σ w Σₖ (pₖ − yₖ)², y the one-hot observed class.</summary>
    public WideInteger Brier { get; internal set; }

    /// <summary>Σ w of the rows in each bin of the top probability.</summary>
    public WideInteger[] BinWeights { get; } = new WideInteger[BinCount];

    /// <summary>Σ w · top probability in each bin.</summary>
    public WideInteger[] BinConfidences { get; } = new WideInteger[BinCount];

    /// <summary>Σ w of the rows in each bin whose class is the most probable one.</summary>
    public WideInteger[] BinHits { get; } = new WideInteger[BinCount];

    /// <summary>How many numbers the sums of a model of so many classes are.</summary>
    internal static long NumberCount(int classCount) => Tops.Count(k => k < classCount) + classCount + 1L + 3 * BinCount;

    /// <param name="row">Its probabilities are numbers, not NaN.</param>
    /// <param name="scale">The scalar scale.</param>
    [MethodImpl(Compilation.Full)]
    public void Add(in ScoredRow row, double scale)
    {
        var weight = FixedPoint.RoundWide(row.Weight, scale);
        for (var i = 0; i < TopCounts.Length; i++)
        {
            if (row.Rank < TopCounts[i]) TopWeights[i] += weight;
        }
        if (row.Observed >= 0) ClassLosses[row.Observed] += FixedPoint.RoundWide(row.Weight * row.Loss, scale);
        AddProbabilities(row, weight, scale);
    }

    public void Add(ProbabilitySums other)
    {
        Add(TopWeights, other.TopWeights);
        Add(ClassLosses, other.ClassLosses);
        Brier += other.Brier;
        Add(BinWeights, other.BinWeights);
        Add(BinConfidences, other.BinConfidences);
        Add(BinHits, other.BinHits);
    }

    /// <summary>The bin (m/15, (m+1)/15] of a probability, from 0; 0 itself belongs to the first.</summary>
    public static int BinOf(double probability) => Math.Clamp((int)Math.Ceiling(probability * BinCount) - 1, 0, BinCount - 1);

    [MethodImpl(Compilation.Full)]
    void AddProbabilities(in ScoredRow row, WideInteger weight, double scale)
    {
        var (top, squares) = (0, 0.0);
        for (var k = 0; k < row.Probabilities.Length; k++)
        {
            var p = row.Probabilities[k];
            if (p > row.Probabilities[top]) top = k;
            var difference = k == row.Observed ? p - 1 : p;
            squares += difference * difference;
        }
        if (row.Observed < 0) squares += 1;
        Brier += FixedPoint.RoundWide(row.Weight * squares, scale);

        var bin = BinOf(row.Probabilities[top]);
        BinWeights[bin] += weight;
        BinConfidences[bin] += FixedPoint.RoundWide(row.Weight * row.Probabilities[top], scale);
        if (top == row.Observed) BinHits[bin] += weight;
    }

    static void Add(WideInteger[] sums, WideInteger[] others)
    {
        for (var i = 0; i < sums.Length; i++) sums[i] += others[i];
    }
}
