namespace DistTrain.Learning.Optimizers;

/// <summary>Steepest descent: steps along the negative gradient, with backtracking from the length of the step before.</summary>
/// <remarks>
/// Cauchy's method with Armijo's rule (Nocedal and Wright, "Numerical Optimization", 2006, algorithm 3.1). The first trial is 1 /
/// ‖gradient‖, at most 1; a step whose first trial was good makes the next begin twice as long. For those who want to compare: columns of
/// different scale make it slow.
/// </remarks>
public static class GradientDescent
{
    /// <summary>At its starting point, which it wants evaluated first.</summary>
    /// <param name="start">Copied, rounded to float32.</param>
    /// <param name="l1">λ of each coordinate, empty where there is none; not written by either side.</param>
    /// <param name="yardstick">
    /// Unit of each slope in <see cref="OptimizerStep.GradientMax"/>, all positive; empty: all 1. Not written by either side.
    /// </param>
    /// <param name="vectors">Null: all on one thread.</param>
    public static OrthantDescent From(double[] start, double[] l1, double[] yardstick, LongVectors? vectors = null) =>
        new(start, l1, yardstick, history: null, vectors);
}
