namespace DistTrain.Learning.Optimizers.Minibatch;

/// <summary>
/// One link of a chain that turns gradients into updates. Its state is in a
/// <see cref="FeatureStore"/>, and only that of a step's features changes.
/// </summary>
/// <remarks>Small links instead of large optimisers, after optax: Adam is units, ScaleByAdam, units.</remarks>
public interface IUpdateTransform
{
    /// <summary>
    /// Rewrites <paramref name="updates"/> in place, and the link's own state of these features. Several threads may call it at once for
    /// different features.
    /// </summary>
    /// <param name="features">n features, ascending.</param>
    /// <param name="updates">
    /// [n][lanes] (<see cref="FeatureStore.LaneCount"/>), 0 beyond K. In: the gradient, or what earlier links made of it. Out: what is to be
    /// taken away, times the rate.
    /// </param>
    void Apply(ReadOnlySpan<int> features, Span<double> updates);

    /// <summary>
    /// Multiplies <paramref name="sizes"/>, [n][lanes], by what the link makes of a small gradient of 1 that stays: the metric in which the
    /// chain steps, and so penalties act. It changes only with <see cref="Apply"/> of the same features; 0 while nothing is known of one.
    /// </summary>
    void Measure(ReadOnlySpan<int> features, Span<double> sizes);
}
