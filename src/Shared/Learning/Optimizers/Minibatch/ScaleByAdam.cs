using DistTrain.Formats.State;

namespace DistTrain.Learning.Optimizers.Minibatch;

/// <summary>The gradient's running mean over the root of its running square, both corrected for starting at 0.</summary>
/// <remarks>
///   m ← β₁m + (1−β₁)g,  v ← β₂v + (1−β₂)g²
///   update = m/(1−β₁ᵗ) / (√(v/(1−β₂ᵗ)) + ε)
/// Kingma and Ba, "Adam: a method for stochastic optimization" (ICLR 2015), with its constants: β₁ = 0.9, β₂ = 0.999, ε = 1e-8. m and v of
/// a feature that a step does not touch rest: LazyAdam, as TensorFlow's add-ons name it. t counts the steps that touched the feature,
/// so that the first of them are not too long however late they come; where every step touches every feature this is Adam itself.
/// </remarks>
public sealed class ScaleByAdam(int featureCount, int classCount) : IUpdateTransform
{
    const double MeanDecay = 0.9;
    const double SquareDecay = 0.999;
    const double Epsilon = 1e-8;

    readonly double[] _means = new double[featureCount * classCount];
    readonly double[] _squares = new double[featureCount * classCount];

    // 1 − β₁ᵗ and 1 − β₂ᵗ of each feature.
    readonly double[] _meanShares = new double[featureCount];
    readonly double[] _squareShares = new double[featureCount];

    public void Apply(ReadOnlySpan<int> features, Span<double> updates)
    {
        for (var i = 0; i < features.Length; i++)
        {
            var feature = features[i];
            var meanShare = _meanShares[feature] = MeanDecay * _meanShares[feature] + (1 - MeanDecay);
            var squareShare = _squareShares[feature] = SquareDecay * _squareShares[feature] + (1 - SquareDecay);
            var means = _means.AsSpan(feature * classCount, classCount);
            var squares = _squares.AsSpan(feature * classCount, classCount);
            var own = updates.Slice(i * classCount, classCount);
            for (var k = 0; k < classCount; k++)
            {
                means[k] = MeanDecay * means[k] + (1 - MeanDecay) * own[k];
                squares[k] = SquareDecay * squares[k] + (1 - SquareDecay) * own[k] * own[k];
                own[k] = means[k] / meanShare / (Math.Sqrt(squares[k] / squareShare) + Epsilon);
            }
        }
    }

    public void Measure(ReadOnlySpan<int> features, Span<double> sizes)
    {
        for (var i = 0; i < features.Length; i++)
        {
            var squares = _squares.AsSpan(features[i] * classCount, classCount);
            var own = sizes.Slice(i * classCount, classCount);
            for (var k = 0; k < classCount; k++)
                own[k] *= squares[k] > 0 ? 1 / (Math.Sqrt(squares[k] / _squareShares[features[i]]) + Epsilon) : 0;
        }
    }

    public void Save(StateWriter state)
    {
        state.Write(_means);
        state.Write(_squares);
        state.Write(_meanShares);
        state.Write(_squareShares);
    }

    public void Restore(StateReader saved)
    {
        saved.ReadDoubles(_means.Length).CopyTo(_means, 0);
        saved.ReadDoubles(_squares.Length).CopyTo(_squares, 0);
        saved.ReadDoubles(_meanShares.Length).CopyTo(_meanShares, 0);
        saved.ReadDoubles(_squareShares.Length).CopyTo(_squareShares, 0);
    }
}
