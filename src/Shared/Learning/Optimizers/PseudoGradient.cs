namespace DistTrain.Learning.Optimizers;

/// <summary>The steepest slope of f(x) + Σ λᵢ|xᵢ|, f smooth: its gradient where it has one, else the subgradient nearest to 0.</summary>
/// <remarks>
/// Andrew and Gao, "Scalable training of L1-regularized log-linear models" (2007), equation 4. Its negative is the direction of steepest
/// descent; it is 0 exactly at a minimum of a convex function.
/// </remarks>
static class PseudoGradient
{
    /// <param name="gradient">∇f at <paramref name="point"/>.</param>
    /// <param name="l1">λ of each coordinate, at least 0; empty: none.</param>
    /// <returns>A new array; <paramref name="gradient"/> itself where there is no λ.</returns>
    public static double[] Of(double[] point, double[] gradient, double[] l1)
    {
        if (l1.Length == 0) return gradient;

        var result = new double[gradient.Length];
        for (var i = 0; i < result.Length; i++) result[i] = Of(point[i], gradient[i], l1[i]);
        return result;
    }

    /// <summary>One coordinate.</summary>
    static double Of(double x, double slope, double l1)
    {
        if (x > 0) return slope + l1;
        if (x < 0) return slope - l1;
        if (slope > l1) return slope - l1;
        if (slope < -l1) return slope + l1;
        return double.IsNaN(slope) ? slope : 0;
    }
}
