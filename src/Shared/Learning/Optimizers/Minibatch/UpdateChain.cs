using System.Collections.Immutable;

namespace DistTrain.Learning.Optimizers.Minibatch;

/// <summary>Links applied one after the other; none at all leave gradients as they are.</summary>
public sealed class UpdateChain(params ImmutableArray<IUpdateTransform> links) : IUpdateTransform
{
    public void Apply(ReadOnlySpan<int> features, Span<double> updates)
    {
        foreach (var link in links) link.Apply(features, updates);
    }

    public void Measure(ReadOnlySpan<int> features, Span<double> sizes)
    {
        foreach (var link in links) link.Measure(features, sizes);
    }
}
