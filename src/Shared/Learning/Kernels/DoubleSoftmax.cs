using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using DistTrain.Numerics;

namespace DistTrain.Learning.Kernels;

/// <summary>Softmax, loss and entropy of one row in double.</summary>
static class DoubleSoftmax
{
    /// <summary>The index of the largest logit, the lower one of equals: the label that a model gives.</summary>
    [MethodImpl(Compilation.Full)]
    public static int Largest(ReadOnlySpan<double> logits)
    {
        var largest = 0;
        for (var k = 1; k < logits.Length; k++)
        {
            if (logits[k] > logits[largest]) largest = k;
        }
        return largest;
    }

    /// <summary>
    /// max z − Σ qₖzₖ = (1 − ε)·(max z − z_label) + (ε/K)·Σ (max z − zₖ), all terms at least 0: what smoothed targets add to the loss.
    /// </summary>
    /// <param name="belowMax">max z − z_label.</param>
    public static double BelowSmoothed(double belowMax, ReadOnlySpan<double> logits, double smoothing)
    {
        var max = logits[Largest(logits)];
        var sum = 0.0;
        foreach (var z in logits) sum += max - z;
        return (1 - smoothing) * belowMax + smoothing / logits.Length * sum;
    }

    /// <summary>p = softmax(z), in place; gives log Σ exp(z_k − max z), which is ≥ 0, and NaN where a logit is NaN or +∞.</summary>
    [MethodImpl(Compilation.Full)]
    public static double ToProbabilities(Span<double> logits)
    {
        var max = Vector256.Create(logits[Largest(logits)]);
        for (var k = 0; k < logits.Length; k += Vector256<double>.Count)
            Put(PinnedMath.Exp(Take(logits[k..]) - max), logits[k..]);
        var sum = 0.0;
        foreach (var e in logits) sum += e;
        for (var k = 0; k < logits.Length; k += Vector256<double>.Count) Put(Take(logits[k..]) / sum, logits[k..]);
        return PinnedMath.Log(sum);
    }

    /// <summary>H(a) = −Σ a log a of the mixture a of p; nats, 0·log 0 = 0. What stands at p is used up.</summary>
    /// <param name="label">The row's observed class.</param>
    [MethodImpl(Compilation.Full)]
    public static double Entropy(Span<double> probabilities, int label, Targets targets, CertificateMix mix)
    {
        mix.Apply(probabilities, label, targets, probabilities);
        for (var k = 0; k < probabilities.Length; k += Vector256<double>.Count)
        {
            var a = Take(probabilities[k..]);
            var isZero = Vector256.Equals(a, Vector256<double>.Zero);
            Put(a * PinnedMath.Log(Vector256.ConditionalSelect(isZero, Vector256<double>.One, a)), probabilities[k..]);
        }
        var entropy = 0.0;
        foreach (var term in probabilities) entropy -= term;
        return entropy;
    }

    /// <summary>The first four numbers, fewer with zeros behind them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<double> Take(ReadOnlySpan<double> numbers) => numbers.Length switch
    {
        1 => Vector256.CreateScalar(numbers[0]),
        2 => Vector256.Create(numbers[0], numbers[1], 0, 0),
        3 => Vector256.Create(numbers[0], numbers[1], numbers[2], 0),
        _ => Vector256.Create(numbers),
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Put(Vector256<double> vector, Span<double> numbers)
    {
        if (numbers.Length >= Vector256<double>.Count)
        {
            vector.CopyTo(numbers);
            return;
        }
        // Each element by a constant: to choose one by a variable is not compiled ahead.
        numbers[0] = vector.GetElement(0);
        if (numbers.Length > 1) numbers[1] = vector.GetElement(1);
        if (numbers.Length > 2) numbers[2] = vector.GetElement(2);
    }
}
