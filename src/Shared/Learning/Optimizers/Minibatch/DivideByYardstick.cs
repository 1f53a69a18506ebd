namespace DistTrain.Learning.Optimizers.Minibatch;

/// <summary>
/// update ← update / yardstick of its feature: once before and once after other links, these work on columns of rms 1 at most.
/// </summary>
/// <remarks>
/// With x̃ = x/y and w̃ = y·w logits stay the same, ∂/∂w̃ is the gradient divided by y, and w moves by what w̃ moves, divided by y. Why:
/// docs/decisions/0002-minibatch-column-scale.md.
/// </remarks>
public sealed class DivideByYardstick(FeatureStore store) : IUpdateTransform
{
    public void Apply(ReadOnlySpan<int> features, Span<double> updates)
    {
        for (var i = 0; i < features.Length; i++)
        {
            var size = store.YardstickOf(features[i]);
            foreach (ref var update in updates.Slice(i * store.ClassCount, store.ClassCount)) update /= size;
        }
    }

    public void Measure(ReadOnlySpan<int> features, Span<double> sizes) => Apply(features, sizes);
}
