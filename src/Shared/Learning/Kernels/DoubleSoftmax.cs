using DistTrain.Numerics;

namespace DistTrain.Learning.Kernels;

/// <summary>Softmax, loss and entropy of one row in double.</summary>
static class DoubleSoftmax
{
    /// <summary>The index of the largest logit, the lower one of equals: the label that a model gives.</summary>
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
    public static double ToProbabilities(Span<double> logits)
    {
        var max = logits[Largest(logits)];
        var sum = 0.0;
        for (var k = 0; k < logits.Length; k++)
        {
            logits[k] = PinnedMath.Exp(logits[k] - max);
            sum += logits[k];
        }
        for (var k = 0; k < logits.Length; k++) logits[k] /= sum;
        return PinnedMath.Log(sum);
    }

    /// <summary>H(a) = −Σ a log a of the mixture a of p, which replaces p; nats, 0·log 0 = 0.</summary>
    /// <param name="label">The row's observed class.</param>
    public static double Entropy(Span<double> probabilities, int label, Targets targets, CertificateMix mix)
    {
        mix.Apply(probabilities, label, targets, probabilities);
        var entropy = 0.0;
        foreach (var a in probabilities)
        {
            if (a != 0) entropy -= a * PinnedMath.Log(a);
        }
        return entropy;
    }
}
