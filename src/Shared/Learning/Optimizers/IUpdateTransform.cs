using DistTrain.Formats.State;

namespace DistTrain.Learning.Optimizers;

/// <summary>One link of a chain that turns a gradient into an update of the parameters; a value.</summary>
/// <remarks>Small links instead of large optimisers, after optax: Adam is ScaleByAdam, then units, then the learning rate.</remarks>
public interface IUpdateTransform
{
    /// <summary>Rewrites <paramref name="updates"/> in place and gives the link's state for the next step; this value stays as it was.</summary>
    /// <param name="point">The parameters before the step; only read.</param>
    /// <param name="updates">In: the gradient, or what earlier links made of it. Out: what is to be added, after the last link.</param>
    IUpdateTransform Apply(ReadOnlySpan<double> point, Span<double> updates);

    /// <summary>Writes the link's state, if it has any.</summary>
    void Save(StateWriter state);

    /// <summary>The link as it was saved, made from one with the same constants.</summary>
    IUpdateTransform Restore(StateReader saved);
}
