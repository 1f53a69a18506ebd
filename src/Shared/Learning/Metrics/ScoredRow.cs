using System.Runtime.CompilerServices;
using DistTrain.Numerics;

namespace DistTrain.Learning.Metrics;

/// <summary>One row with weight, as a model sees it.</summary>
/// <param name="probabilities">What the model says of each class of the softmax, [K]; the caller's memory, read at once.</param>
/// <param name="observed">The row's class among these; below 0 where the softmax has no such class.</param>
/// <param name="rank">Classes that the model ranks before the observed one, 0 … K − 1; K where the softmax has no such class.</param>
/// <param name="loss">−log p(observed), nats; read only where the softmax has the class.</param>
/// <param name="weight">Above 0.</param>
public readonly ref struct ScoredRow(ReadOnlySpan<double> probabilities, int observed, int rank, double loss, double weight)
{
    public ReadOnlySpan<double> Probabilities { get; } = probabilities;

    public int Observed { get; } = observed;

    public int Rank { get; } = rank;

    public double Loss { get; } = loss;

    public double Weight { get; } = weight;

    /// <summary>
    /// How many classes come before <paramref name="observed"/> when logits are ordered from the largest, equals by number.
    /// </summary>
    [MethodImpl(Compilation.Full)]
    public static int RankOf(int observed, ReadOnlySpan<double> logits)
    {
        if (observed < 0) return logits.Length;
        var rank = 0;
        for (var k = 0; k < logits.Length; k++)
        {
            if (logits[k] > logits[observed] || (k < observed && logits[k] == logits[observed])) rank++;
        }
        return rank;
    }
}
