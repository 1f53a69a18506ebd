using System.Runtime.Intrinsics;

namespace DistTrain.Learning.Optimizers.Minibatch;

/// <summary>
/// update ← update / yardstick of its feature: once before and once after other links, these work on columns of rms 1 at most.
/// </summary>
/// <remarks>
/// With x̃ = x/y and w̃ = y·w logits stay the same, ∂/∂w̃ is the gradient divided by y, and w moves by what w̃ moves, divided by y. Why:
/// docs/decisions/0002-minibatch-column-scale.md.
/// </remarks>
public sealed unsafe class DivideByYardstick(FeatureStore store) : IUpdateTransform
{
    public void Apply(ReadOnlySpan<int> features, Span<double> updates)
    {
        var lanes = store.LaneCount;
        fixed (double* first = updates)
        {
            var own = first;
            foreach (var feature in features)
            {
                var yardstick = Vector256.Create(store.YardstickOf(feature));
                for (var end = own + lanes; own < end; own += 4) (Vector256.Load(own) / yardstick).Store(own);
            }
        }
    }

    public void Measure(ReadOnlySpan<int> features, Span<double> sizes) => Apply(features, sizes);
}
