namespace DistTrain.Learning.Optimizers;

/// <summary>OWL-QN: L-BFGS for a smooth function plus Σ λᵢ|xᵢ|.</summary>
public static class Owlqn
{
    /// <summary>At its starting point, which it wants evaluated first.</summary>
    /// <param name="start">Copied, rounded to float32.</param>
    /// <param name="curvature">Estimate of the smooth part's Hessian; invertible where λ is above 0.</param>
    /// <param name="l1">λ of each coordinate; not written by either side.</param>
    /// <param name="yardstick">
    /// Unit of each slope in <see cref="OptimizerStep.GradientMax"/>, all positive; empty: all 1. Not written by either side.
    /// </param>
    /// <param name="vectors">Null: all on one thread.</param>
    public static OrthantDescent From(
        double[] start, IStartingCurvature curvature, double[] l1, double[] yardstick, LongVectors? vectors = null) =>
        new(start, l1, yardstick, CurvatureHistory.From(curvature, vectors), vectors);
}
