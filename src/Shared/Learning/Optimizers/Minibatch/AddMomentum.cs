using System.Runtime.Intrinsics;

namespace DistTrain.Learning.Optimizers.Minibatch;

/// <summary>Steps go on: v ← μv + g; the update is v, or with Nesterov's look ahead g + μv.</summary>
/// <remarks>
/// Polyak (1964) in the form of Sutskever et al., "On the importance of initialization and momentum in deep learning" (ICML 2013), with
/// their look ahead written at the point itself, as PyTorch and optax do; μ = 0.9. v of a feature that a step does not touch rests:
/// the sparse momentum of TensorFlow.
/// </remarks>
public sealed unsafe class AddMomentum(FeatureStore store, bool nesterov) : IUpdateTransform
{
    const double Decay = 0.9;

    readonly FeatureNumbers _velocities = store.ReserveByClass();

    public void Apply(ReadOnlySpan<int> features, Span<double> updates)
    {
        var lanes = store.LaneCount;
        fixed (double* first = updates)
        {
            var own = first;
            foreach (var feature in features)
            {
                var velocities = _velocities.At(feature);
                for (var end = own + lanes; own < end; own += 4, velocities += 4)
                {
                    var update = Vector256.Load(own);
                    var velocity = Vector256.Load(velocities) * Decay + update;
                    velocity.Store(velocities);
                    (nesterov ? update + velocity * Decay : velocity).Store(own);
                }
            }
        }
    }

    /// <summary>A gradient of 1 that stays makes 1 + μ + μ² + ….</summary>
    public void Measure(ReadOnlySpan<int> features, Span<double> sizes)
    {
        foreach (ref var size in sizes) size /= 1 - Decay;
    }
}
