namespace DistTrain.Learning.Optimizers.Minibatch;

/// <summary>
/// Shortens updates to a Euclidean norm, over all features and classes together; shorter ones stay as they are. Wants all features at once.
/// </summary>
/// <remarks>Pascanu, Mikolov and Bengio, "On the difficulty of training recurrent neural networks" (ICML 2013), algorithm 1.</remarks>
/// <param name="normMax">Above 0.</param>
public sealed class ClipByNorm(double normMax) : IUpdateTransform
{
    public void Apply(ReadOnlySpan<int> features, Span<double> updates)
    {
        var norm = Math.Sqrt(Vectors.Dot(updates, updates));
        if (!(norm > normMax)) return;

        var factor = normMax / norm;
        foreach (ref var update in updates) update *= factor;
    }

    /// <summary>What is small is not clipped.</summary>
    public void Measure(ReadOnlySpan<int> features, Span<double> sizes)
    {
    }
}
