namespace DistTrain.Learning.Optimizers.Minibatch;

/// <summary>Where a minibatch optimiser begins, and what it must know of the features; held feature by feature, intercepts last.</summary>
/// <param name="Weights">[D + 1][K]; taken over by the optimiser.</param>
/// <param name="ClassCount">K.</param>
/// <param name="Yardstick">max(1, rms) of each column, 1 for the intercepts; [D + 1].</param>
public sealed record MinibatchStart(double[] Weights, int ClassCount, double[] Yardstick, PenaltyFlow Penalty)
{
    /// <summary>D.</summary>
    public int FeatureCount => Yardstick.Length - 1;

    /// <summary>Into units of the yardstick, or out of them.</summary>
    public IUpdateTransform Units { get; } = new DivideByYardstick(Yardstick);
}
