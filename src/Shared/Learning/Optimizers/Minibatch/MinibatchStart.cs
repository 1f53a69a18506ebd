namespace DistTrain.Learning.Optimizers.Minibatch;

/// <summary>Where a minibatch optimiser begins, and what it must know of the features; feature by feature, the intercepts last.</summary>
/// <param name="Weights">[D + 1][K]; only read.</param>
/// <param name="ClassCount">K.</param>
/// <param name="Yardstick">max(1, rms) of each column, 1 for the intercepts; [D + 1].</param>
/// <param name="L2">λ₂ of each feature, at least 0; [D].</param>
/// <param name="L1">λ₁ of each feature, at least 0; [D].</param>
public sealed record MinibatchStart(double[] Weights, int ClassCount, double[] Yardstick, double[] L2, double[] L1)
{
    /// <summary>Features and intercepts: D + 1.</summary>
    public int FeatureCount => Yardstick.Length;

    /// <summary>Whether any λ is above 0.</summary>
    public bool IsPenalized { get; } = L2.AsSpan().ContainsAnyExcept(0) || L1.AsSpan().ContainsAnyExcept(0);
}
