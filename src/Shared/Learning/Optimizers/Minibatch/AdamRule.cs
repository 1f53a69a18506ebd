using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace DistTrain.Learning.Optimizers.Minibatch;

/// <summary>The gradient's running mean over the root of its running square, both corrected for starting at 0.</summary>
/// <remarks>
///   m ← β₁m + (1−β₁)g,  v ← β₂v + (1−β₂)g²
///   update = m/(1−β₁ᵗ) / (√(v/(1−β₂ᵗ)) + ε)
/// Kingma and Ba, "Adam: a method for stochastic optimization" (ICLR 2015), with its constants: β₁ = 0.9, β₂ = 0.999, ε = 1e-8. m and v of
/// a feature that a step does not touch rest: LazyAdam, as TensorFlow's add-ons name it. t counts the steps that touched the feature,
/// so that the first of them are not too long however late they come; where every step touches every feature this is Adam itself.
/// </remarks>
readonly unsafe struct AdamRule(FeatureStore store) : IUpdateRule
{
    const double MeanDecay = 0.9;
    const double SquareDecay = 0.999;
    const double Epsilon = 1e-8;

    readonly int _means = store.ReserveByClass().Offset;
    readonly int _squares = store.ReserveByClass().Offset;

    // 1 − β₁ᵗ and 1 − β₂ᵗ of each feature.
    readonly int _shares = store.Reserve(2).Offset;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Begin(double* own)
    {
        var shares = own + _shares;
        shares[0] = MeanDecay * shares[0] + (1 - MeanDecay);
        shares[1] = SquareDecay * shares[1] + (1 - SquareDecay);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<double> Update(double* own, int lane, Vector256<double> gradient)
    {
        double* means = own + _means + lane, squares = own + _squares + lane;
        var mean = Vector256.Load(means) * MeanDecay + gradient * (1 - MeanDecay);
        var square = Vector256.Load(squares) * SquareDecay + gradient * gradient * (1 - SquareDecay);
        mean.Store(means);
        square.Store(squares);
        return mean / Vector256.Create(own[_shares]) / RootOf(square, own[_shares + 1]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<double> SizeOf(double* own, int lane, Vector256<double> gradient)
    {
        var square = Vector256.Load(own + _squares + lane);
        return gradient / RootOf(square, own[_shares + 1]) & Vector256.GreaterThan(square, Vector256<double>.Zero);
    }

    static Vector256<double> RootOf(Vector256<double> square, double share) =>
        Vector256.Sqrt(square / Vector256.Create(share)) + Vector256.Create(Epsilon);
}
