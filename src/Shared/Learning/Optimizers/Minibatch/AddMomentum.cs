namespace DistTrain.Learning.Optimizers.Minibatch;

/// <summary>Steps go on: v ← μv + g; the update is v, or with Nesterov's look ahead g + μv.</summary>
/// <remarks>
/// Polyak (1964) in the form of Sutskever et al., "On the importance of initialization and momentum in deep learning" (ICML 2013), with
/// their look ahead written at the point itself, as PyTorch and optax do; μ = 0.9. v of a feature that a step does not touch rests:
/// the sparse momentum of TensorFlow.
/// </remarks>
public sealed class AddMomentum(FeatureStore store, bool nesterov) : IUpdateTransform
{
    const double Decay = 0.9;

    readonly FeatureNumbers _velocities = store.Reserve(store.ClassCount);

    public void Apply(ReadOnlySpan<int> features, Span<double> updates)
    {
        for (var i = 0; i < features.Length; i++)
        {
            var velocities = _velocities.Of(features[i]);
            var own = updates.Slice(i * velocities.Length, velocities.Length);
            for (var k = 0; k < own.Length; k++)
            {
                velocities[k] = Decay * velocities[k] + own[k];
                own[k] = nesterov ? own[k] + Decay * velocities[k] : velocities[k];
            }
        }
    }

    /// <summary>A gradient of 1 that stays makes 1 + μ + μ² + ….</summary>
    public void Measure(ReadOnlySpan<int> features, Span<double> sizes)
    {
        foreach (ref var size in sizes) size /= 1 - Decay;
    }
}
