using DistTrain.Formats.State;

namespace DistTrain.Learning.Optimizers.Minibatch;

/// <summary>One link of a chain that turns gradients into updates. Its state belongs to features, and only those of a step change.</summary>
/// <remarks>Small links instead of large optimisers, after optax: Adam is units, ScaleByAdam, units.</remarks>
public interface IUpdateTransform
{
    /// <summary>Rewrites <paramref name="updates"/> in place, and the link's own state of these features.</summary>
    /// <param name="features">n features, ascending.</param>
    /// <param name="updates">[n][K]. In: the gradient, or what earlier links made of it. Out: what is to be taken away, times the rate.</param>
    void Apply(ReadOnlySpan<int> features, Span<double> updates);

    /// <summary>
    /// Multiplies <paramref name="sizes"/>, [n][K], by what the link makes of a small gradient of 1 that stays: the metric in which the
    /// chain steps, and so penalties act. It changes only with <see cref="Apply"/> of the same features; 0 while nothing is known of one.
    /// </summary>
    void Measure(ReadOnlySpan<int> features, Span<double> sizes);

    /// <summary>Writes the link's state; constants come from the options.</summary>
    void Save(StateWriter state);

    /// <summary>Makes this link, made with the same arguments, what the saved one was.</summary>
    /// <exception cref="InvalidDataException">What is read is not the state of such a link.</exception>
    void Restore(StateReader saved);
}
