using DistTrain.Numerics;

namespace DistTrain.Data.Samples;

/// <summary>Draws labels from a softmax: P(k) = exp(z_k) / Σ exp(z).</summary>
static class PlantedSoftmax
{
    /// <summary>A class 0 … K − 1; the logits are overwritten.</summary>
    public static int Draw(Span<double> logits, ref CounterRandom random)
    {
        var max = double.NegativeInfinity;
        foreach (var z in logits) max = Math.Max(max, z);

        var sum = 0.0;
        foreach (ref var z in logits) sum += z = PinnedMath.Exp(z - max);

        var left = random.NextDouble() * sum;
        for (var k = 0; k < logits.Length - 1; k++)
        {
            left -= logits[k];
            if (left < 0) return k;
        }
        return logits.Length - 1;
    }
}
