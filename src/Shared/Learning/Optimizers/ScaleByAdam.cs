using DistTrain.Formats.State;

namespace DistTrain.Learning.Optimizers;

/// <summary>The gradient's running mean over the root of its running square, both corrected for starting at 0.</summary>
/// <remarks>
///   m ← β₁m + (1−β₁)g,  v ← β₂v + (1−β₂)g²
///   update = m/(1−β₁ᵗ) / (√(v/(1−β₂ᵗ)) + ε)
/// Kingma and Ba, "Adam: a method for stochastic optimization" (ICLR 2015), with its constants: β₁ = 0.9, β₂ = 0.999, ε = 1e-8.
/// </remarks>
public sealed class ScaleByAdam : IUpdateTransform
{
    const double MeanDecay = 0.9;
    const double SquareDecay = 0.999;
    const double Epsilon = 1e-8;

    readonly double[] _means;
    readonly double[] _squares;
    readonly double _meanRemainder; // β₁ᵗ
    readonly double _squareRemainder; // β₂ᵗ

    /// <summary>Before the first step, for <paramref name="parameterCount"/> parameters.</summary>
    public ScaleByAdam(int parameterCount) : this(new double[parameterCount], new double[parameterCount], 1, 1)
    {
    }

    ScaleByAdam(double[] means, double[] squares, double meanRemainder, double squareRemainder) =>
        (_means, _squares, _meanRemainder, _squareRemainder) = (means, squares, meanRemainder, squareRemainder);

    public IUpdateTransform Apply(ReadOnlySpan<double> point, Span<double> updates)
    {
        var (means, squares) = (new double[_means.Length], new double[_squares.Length]);
        var (meanRemainder, squareRemainder) = (_meanRemainder * MeanDecay, _squareRemainder * SquareDecay);
        for (var i = 0; i < updates.Length; i++)
        {
            var gradient = updates[i];
            means[i] = MeanDecay * _means[i] + (1 - MeanDecay) * gradient;
            squares[i] = SquareDecay * _squares[i] + (1 - SquareDecay) * gradient * gradient;
            updates[i] = means[i] / (1 - meanRemainder) / (Math.Sqrt(squares[i] / (1 - squareRemainder)) + Epsilon);
        }
        return new ScaleByAdam(means, squares, meanRemainder, squareRemainder);
    }

    public void Save(StateWriter state)
    {
        state.Write(_means);
        state.Write(_squares);
        state.Write(_meanRemainder);
        state.Write(_squareRemainder);
    }

    public IUpdateTransform Restore(StateReader saved) => new ScaleByAdam(
        saved.ReadDoubles(_means.Length), saved.ReadDoubles(_squares.Length), saved.ReadDouble(), saved.ReadDouble());
}
