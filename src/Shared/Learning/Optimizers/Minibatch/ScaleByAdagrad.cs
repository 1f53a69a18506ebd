namespace DistTrain.Learning.Optimizers.Minibatch;

/// <summary>Each gradient over the root of the sum of its squares so far.</summary>
/// <remarks>
///   G ← G + g²,  update = g / (√G + ε)
/// Duchi, Hazan and Singer, "Adaptive subgradient methods for online learning and stochastic optimization" (JMLR 12, 2011), the diagonal
/// form; ε = 1e-10 and G = 0 at first, as in PyTorch.
/// </remarks>
public sealed class ScaleByAdagrad(FeatureStore store) : IUpdateTransform
{
    const double Epsilon = 1e-10;

    readonly FeatureNumbers _squares = store.Reserve(store.ClassCount);

    public void Apply(ReadOnlySpan<int> features, Span<double> updates)
    {
        for (var i = 0; i < features.Length; i++)
        {
            var squares = _squares.Of(features[i]);
            var own = updates.Slice(i * squares.Length, squares.Length);
            for (var k = 0; k < own.Length; k++)
            {
                squares[k] += own[k] * own[k];
                own[k] /= Math.Sqrt(squares[k]) + Epsilon;
            }
        }
    }

    public void Measure(ReadOnlySpan<int> features, Span<double> sizes)
    {
        for (var i = 0; i < features.Length; i++)
        {
            var squares = _squares.Of(features[i]);
            var own = sizes.Slice(i * squares.Length, squares.Length);
            for (var k = 0; k < own.Length; k++) own[k] *= squares[k] > 0 ? 1 / (Math.Sqrt(squares[k]) + Epsilon) : 0;
        }
    }
}
