namespace DistTrain.Learning.Optimizers;

/// <summary>Adam for minibatches.</summary>
public static class Adam
{
    /// <summary>In units of 1 / yardstick per step.</summary>
    public const double DefaultLearningRate = 0.02;

    /// <param name="yardstick">max(1, rms) of each parameter's column, 1 for intercepts.</param>
    public static StochasticDescent From(double[] start, double[] yardstick, double learningRate = DefaultLearningRate) => new(
        start,
        new UpdateChain(
            new ScaleByAdam(start.Length),
            new DivideByYardstick(yardstick),
            new ScaleByLearningRate(learningRate)));
}
