using DistTrain.Learning.Optimizers;

namespace DistTrain.Learning;

/// <summary>
/// The softmax objective's curvature at its starting point, W = 0 and b = log π, columns taken as uncorrelated; π the targets' means.
/// </summary>
/// <remarks>
/// There the Hessian's block of column d is (diag π − ππᵀ)·m_d + λ₂,d·I over the classes, m_d = (1/S)Σ vᵢxᵢd², with the diagonal
/// π_k(1−π_k)·m_d + λ₂,d. Two things make H₀ better than the inverse of that diagonal, at the same price:
///   over the classes   the block without λ₂ has the pseudo-inverse P·diag(1/π)·P / m_d, P subtracting the mean over the classes, so
///                      H₀ takes P·diag(1/(π_k·v_d + λ₂,d))·P. Gradients sum to 0 over the classes, and with P so do steps: iterates
///                      keep out of the directions that change no probability, along which λ₂ alone is curvature.
///   over the columns   the intercept takes part in every column with mean μ_d ≠ 0 (one-hot ones). With b̃ = b + Wμ for b it does
///                      not: that is the change of variables Tᵀ·…·T here, and v_d = m_d − μ_d² is the column's variance.
/// Measured in docs/decisions/0003-starting-curvature.md.
///
/// Where λ₁,d is above 0 the weights need not sum to 0, and some of a column's may be held at 0: the block of the free classes is inverted
/// itself, by Sherman and Morrison's formula (docs/decisions/0010-owlqn-in-free-coordinates.md). Weights of constant columns do not move.
/// </remarks>
public sealed class SoftmaxCurvature(TrainingStatistics statistics, Penalty penalty) : IStartingCurvature
{
    /// <summary>
    /// Least part of a block's curvature that is left along a common shift of its classes: 0 where all are free and λ₂,d = 0.
    /// </summary>
    const double ShiftCurvatureMin = 0.01;

    /// <param name="vector">[K, D] then [K], as <see cref="Parameters.Values"/>.</param>
    public void Solve(Span<double> vector, ReadOnlySpan<bool> free)
    {
        var (classCount, featureCount) = (statistics.ClassCount, statistics.FeatureCount);
        var intercepts = vector[(classCount * featureCount)..];
        Span<double> shifts = new double[classCount];
        Span<double> column = new double[classCount];
        for (var d = 0; d < featureCount; d++)
        {
            var mean = statistics.Sums[d] / statistics.WeightSum;
            for (var k = 0; k < classCount; k++) column[k] = vector[k * featureCount + d] - mean * intercepts[k];
            SolveColumn(column, d, free);
            for (var k = 0; k < classCount; k++)
            {
                vector[k * featureCount + d] = column[k];
                shifts[k] += mean * column[k];
            }
        }
        SolveShared(intercepts, 1, 0);
        for (var k = 0; k < classCount; k++) intercepts[k] -= shifts[k];
    }

    /// <param name="column">The column's entries, one per class; held ones become 0.</param>
    void SolveColumn(Span<double> column, int d, ReadOnlySpan<bool> free)
    {
        if (penalty.IsConstant(d))
        {
            column.Clear();
            return;
        }
        var mean = statistics.Sums[d] / statistics.WeightSum;
        var variance = Math.Max(0, statistics.SquareSums[d] / statistics.WeightSum - mean * mean);
        if (penalty.L1[d] == 0) SolveShared(column, variance, penalty.L2[d]);
        else SolveFree(column, d, variance, free);
    }

    /// <summary>P·diag(1/(π·v + λ))·P.</summary>
    void SolveShared(Span<double> column, double variance, double l2)
    {
        Centering.AcrossClasses(column, 0, 1, column.Length);
        for (var k = 0; k < column.Length; k++) column[k] /= statistics.TargetWeights[k] / statistics.WeightSum * variance + l2;
        Centering.AcrossClasses(column, 0, 1, column.Length);
    }

    /// <summary>(diag(π·v + λ) − v·ππᵀ)⁻¹ over the free classes, 0 for the others.</summary>
    void SolveFree(Span<double> column, int d, double variance, ReadOnlySpan<bool> free)
    {
        var (along, left) = (0.0, 1.0); // πᵀa⁻¹g and 1 − v·πᵀa⁻¹π, with a = π·v + λ
        for (var k = 0; k < column.Length; k++)
        {
            if (!free.IsEmpty && !free[k * statistics.FeatureCount + d])
            {
                column[k] = 0;
                continue;
            }
            var prior = statistics.TargetWeights[k] / statistics.WeightSum;
            var curvature = prior * variance + penalty.L2[d];
            column[k] /= curvature;
            along += prior * column[k];
            left -= variance * prior * prior / curvature;
        }
        var shared = variance * along / Math.Max(left, ShiftCurvatureMin);
        for (var k = 0; k < column.Length; k++)
        {
            if (!free.IsEmpty && !free[k * statistics.FeatureCount + d]) continue;
            var prior = statistics.TargetWeights[k] / statistics.WeightSum;
            column[k] += shared * prior / (prior * variance + penalty.L2[d]);
        }
    }
}
