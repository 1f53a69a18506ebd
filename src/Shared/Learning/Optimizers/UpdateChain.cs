using System.Collections.Immutable;

namespace DistTrain.Learning.Optimizers;

/// <summary>Links applied one after the other.</summary>
public sealed class UpdateChain(params ImmutableArray<IUpdateTransform> links) : IUpdateTransform
{
    public IUpdateTransform Apply(ReadOnlySpan<double> point, Span<double> updates)
    {
        var next = ImmutableArray.CreateBuilder<IUpdateTransform>(links.Length);
        foreach (var link in links) next.Add(link.Apply(point, updates));
        return new UpdateChain(next.MoveToImmutable());
    }
}
