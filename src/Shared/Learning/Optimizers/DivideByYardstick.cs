using DistTrain.Formats.State;

namespace DistTrain.Learning.Optimizers;

/// <summary>update ← update / yardstick: steps in units of 1 / max(1, rms of the column).</summary>
/// <remarks>Why: docs/decisions/0002-minibatch-column-scale.md.</remarks>
/// <param name="yardstick">One number per parameter, all positive; not written by either side.</param>
public sealed class DivideByYardstick(double[] yardstick) : IUpdateTransform
{
    public IUpdateTransform Apply(ReadOnlySpan<double> point, Span<double> updates)
    {
        for (var i = 0; i < updates.Length; i++) updates[i] /= yardstick[i];
        return this;
    }

    public void Save(StateWriter state)
    {
    }

    public IUpdateTransform Restore(StateReader saved) => this;
}
