using DistTrain.Learning.Optimizers;

namespace DistTrain.Learning;

/// <summary>The softmax objective's curvature at its starting point, W = 0 and b = log π, columns taken as uncorrelated; π the targets' means.</summary>
/// <remarks>
/// There the Hessian's block of column d is (diag π − ππᵀ)·m_d + λ₂I over the classes, m_d = (1/S)Σ vᵢxᵢd², with the diagonal
/// π_k(1−π_k)·m_d + λ₂. Two things make H₀ better than the inverse of that diagonal, at the same price:
///   over the classes   the block without λ₂ has the pseudo-inverse P·diag(1/π)·P / m_d, P subtracting the mean over the classes, so
///                      H₀ takes P·diag(1/(π_k·v_d + λ₂))·P. Gradients sum to 0 over the classes, and with P so do steps: iterates
///                      keep out of the directions that change no probability, along which λ₂ alone is curvature.
///   over the columns   the intercept takes part in every column with mean μ_d ≠ 0 (one-hot ones). With b̃ = b + Wμ for b it does
///                      not: that is the change of variables Tᵀ·…·T here, and v_d = m_d − μ_d² is the column's variance.
/// Measured in docs/decisions/0003-starting-curvature.md.
/// </remarks>
public sealed class SoftmaxCurvature(TrainingStatistics statistics, double l2) : IStartingCurvature
{
    /// <param name="vector">[K, D] then [K], as <see cref="Parameters.Values"/>.</param>
    public void Solve(Span<double> vector)
    {
        var (classCount, featureCount) = (statistics.ClassCount, statistics.FeatureCount);
        var intercepts = vector[(classCount * featureCount)..];
        Span<double> shifts = new double[classCount];
        for (var d = 0; d < featureCount; d++)
        {
            var mean = statistics.Sums[d] / statistics.WeightSum;
            var variance = Math.Max(0, statistics.SquareSums[d] / statistics.WeightSum - mean * mean);
            for (var k = 0; k < classCount; k++) vector[k * featureCount + d] -= mean * intercepts[k];
            Solve(vector, d, featureCount, variance, l2);
            for (var k = 0; k < classCount; k++) shifts[k] += mean * vector[k * featureCount + d];
        }
        Solve(intercepts, 0, 1, 1, 0);
        for (var k = 0; k < classCount; k++) intercepts[k] -= shifts[k];
    }

    /// <summary>One column: the entries first, first + stride, … of the classes.</summary>
    void Solve(Span<double> vector, int first, int stride, double variance, double penalty)
    {
        Centering.AcrossClasses(vector, first, stride, statistics.ClassCount);
        for (var k = 0; k < statistics.ClassCount; k++)
        {
            var curvature = statistics.TargetWeights[k] / statistics.WeightSum * variance + penalty;
            vector[first + k * stride] /= curvature > 0 ? curvature : 1; // A constant column without penalty has no gradient either.
        }
        Centering.AcrossClasses(vector, first, stride, statistics.ClassCount);
    }
}
