namespace DistTrain.Learning.Optimizers.Minibatch;

/// <summary>The gradient's running mean over the root of its running square, both corrected for starting at 0.</summary>
/// <remarks>
///   m ← β₁m + (1−β₁)g,  v ← β₂v + (1−β₂)g²
///   update = m/(1−β₁ᵗ) / (√(v/(1−β₂ᵗ)) + ε)
/// Kingma and Ba, "Adam: a method for stochastic optimization" (ICLR 2015), with its constants: β₁ = 0.9, β₂ = 0.999, ε = 1e-8. m and v of
/// a feature that a step does not touch rest: LazyAdam, as TensorFlow's add-ons name it. t counts the steps that touched the feature,
/// so that the first of them are not too long however late they come; where every step touches every feature this is Adam itself.
/// </remarks>
public sealed class ScaleByAdam(FeatureStore store) : IUpdateTransform
{
    const double MeanDecay = 0.9;
    const double SquareDecay = 0.999;
    const double Epsilon = 1e-8;

    readonly FeatureNumbers _means = store.Reserve(store.ClassCount);
    readonly FeatureNumbers _squares = store.Reserve(store.ClassCount);

    // 1 − β₁ᵗ and 1 − β₂ᵗ of each feature.
    readonly FeatureNumbers _shares = store.Reserve(2);

    public void Apply(ReadOnlySpan<int> features, Span<double> updates)
    {
        for (var i = 0; i < features.Length; i++)
        {
            var shares = _shares.Of(features[i]);
            shares[0] = MeanDecay * shares[0] + (1 - MeanDecay);
            shares[1] = SquareDecay * shares[1] + (1 - SquareDecay);
            var means = _means.Of(features[i]);
            var squares = _squares.Of(features[i]);
            var own = updates.Slice(i * means.Length, means.Length);
            for (var k = 0; k < own.Length; k++)
            {
                means[k] = MeanDecay * means[k] + (1 - MeanDecay) * own[k];
                squares[k] = SquareDecay * squares[k] + (1 - SquareDecay) * own[k] * own[k];
                own[k] = means[k] / shares[0] / (Math.Sqrt(squares[k] / shares[1]) + Epsilon);
            }
        }
    }

    public void Measure(ReadOnlySpan<int> features, Span<double> sizes)
    {
        for (var i = 0; i < features.Length; i++)
        {
            var squares = _squares.Of(features[i]);
            var share = _shares.Of(features[i])[1];
            var own = sizes.Slice(i * squares.Length, squares.Length);
            for (var k = 0; k < own.Length; k++) own[k] *= squares[k] > 0 ? 1 / (Math.Sqrt(squares[k] / share) + Epsilon) : 0;
        }
    }
}
