using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace DistTrain.Learning.Optimizers.Minibatch;

/// <summary>Steps go on: v ← μv + g; the update is v, or with Nesterov's look ahead g + μv.</summary>
/// <remarks>
/// Polyak (1964) in the form of Sutskever et al., "On the importance of initialization and momentum in deep learning" (ICML 2013), with
/// their look ahead written at the point itself, as PyTorch and optax do; μ = 0.9. v of a feature that a step does not touch rests:
/// the sparse momentum of TensorFlow.
/// </remarks>
readonly unsafe struct MomentumRule(FeatureStore store, bool nesterov) : IUpdateRule
{
    const double Decay = 0.9;

    readonly int _velocities = store.ReserveByClass().Offset;
    readonly bool _nesterov = nesterov;

    public void Begin(double* own)
    {
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<double> Update(double* own, int lane, Vector256<double> gradient)
    {
        var velocities = own + _velocities + lane;
        var velocity = Vector256.Load(velocities) * Decay + gradient;
        velocity.Store(velocities);
        return _nesterov ? gradient + velocity * Decay : velocity;
    }

    /// <summary>A gradient of 1 that stays makes 1 + μ + μ² + ….</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<double> SizeOf(double* own, int lane, Vector256<double> gradient) => gradient / Vector256.Create(1 - Decay);
}
