using System.Collections.Immutable;
using DistTrain.Formats.State;

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

    public void Save(StateWriter state)
    {
        foreach (var link in links) link.Save(state);
    }

    public IUpdateTransform Restore(StateReader saved) => new UpdateChain([.. links.Select(link => link.Restore(saved))]);
}
