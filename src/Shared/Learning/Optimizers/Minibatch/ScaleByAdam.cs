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
public sealed unsafe class ScaleByAdam(FeatureStore store) : IUpdateTransform
{
    const double MeanDecay = 0.9;
    const double SquareDecay = 0.999;
    const double Epsilon = 1e-8;

    readonly FeatureNumbers _means = store.ReserveByClass();
    readonly FeatureNumbers _squares = store.ReserveByClass();

    // 1 − β₁ᵗ and 1 − β₂ᵗ of each feature.
    readonly FeatureNumbers _shares = store.Reserve(2);

    public void Apply(ReadOnlySpan<int> features, Span<double> updates)
    {
        var lanes = store.LaneCount;
        fixed (double* first = updates)
        {
            var own = first;
            foreach (var feature in features)
            {
                var means = _means.At(feature);
                var squares = _squares.At(feature);
                var shares = _shares.At(feature);
                shares[0] = MeanDecay * shares[0] + (1 - MeanDecay);
                shares[1] = SquareDecay * shares[1] + (1 - SquareDecay);
                for (var end = own + lanes; own < end; own += 4, means += 4, squares += 4)
                {
                    var update = Vector256.Load(own);
                    var mean = Vector256.Load(means) * MeanDecay + update * (1 - MeanDecay);
                    var square = Vector256.Load(squares) * SquareDecay + update * update * (1 - SquareDecay);
                    mean.Store(means);
                    square.Store(squares);
                    (mean / Vector256.Create(shares[0]) / RootOf(square, shares[1])).Store(own);
                }
            }
        }
    }

    public void Measure(ReadOnlySpan<int> features, Span<double> sizes)
    {
        var lanes = store.LaneCount;
        fixed (double* first = sizes)
        {
            var own = first;
            foreach (var feature in features)
            {
                var squares = _squares.At(feature);
                var share = _shares.At(feature)[1];
                for (var end = own + lanes; own < end; own += 4, squares += 4)
                {
                    var square = Vector256.Load(squares);
                    var size = Vector256.Load(own) / RootOf(square, share);
                    (size & Vector256.GreaterThan(square, Vector256<double>.Zero)).Store(own);
                }
            }
        }
    }

    static Vector256<double> RootOf(Vector256<double> square, double share) =>
        Vector256.Sqrt(square / Vector256.Create(share)) + Vector256.Create(Epsilon);
}
