using DistTrain.Formats.State;

namespace DistTrain.Learning.Optimizers.Minibatch;

/// <summary>update ← update / yardstick of its feature: once before and once after other links, these work on columns of rms 1 at most.</summary>
/// <remarks>
/// With x̃ = x/y and w̃ = y·w logits stay the same, ∂/∂w̃ is the gradient divided by y, and w moves by what w̃ moves, divided by y. Why:
/// docs/decisions/0002-minibatch-column-scale.md.
/// </remarks>
/// <param name="yardstick">One number per feature, the intercepts' last, all positive; not written by either side.</param>
public sealed class DivideByYardstick(double[] yardstick) : IUpdateTransform
{
    public void Apply(ReadOnlySpan<int> features, Span<double> updates)
    {
        var classCount = updates.Length / features.Length;
        for (var i = 0; i < features.Length; i++)
        {
            var size = yardstick[features[i]];
            foreach (ref var update in updates.Slice(i * classCount, classCount)) update /= size;
        }
    }

    public void Measure(ReadOnlySpan<int> features, Span<double> sizes) => Apply(features, sizes);

    public void Save(StateWriter state)
    {
    }

    public void Restore(StateReader saved)
    {
    }
}
