namespace DistTrain.Learning;

/// <summary>An upper bound of F − min F at the closing point of an L2-penalised problem, by weak duality.</summary>
/// <remarks>
/// For distributions aᵢ over the classes with Σ vᵢaᵢ = Σ vᵢqᵢ (the intercepts are free),
///   min F ≥ D = (1/S) Σ vᵢH(aᵢ) − ‖A‖²/(2λ₂),   A = (1/S) Σ vᵢ(aᵢ − qᵢ)xᵢᵀ,   H = entropy.
/// Taken: aᵢ = Tᵀpᵢ for one stochastic matrix T that moves as little probability as possible (<see cref="CertificateMix"/>): a class that
/// is predicted more often than observed gives away the surplus, (m_p,k − m_q,k)/m_p,k of each of its probabilities, and the others
/// share it as they lack it. Then A needs only sums that are there: with G = Σ vᵢ(pᵢ − qᵢ)xᵢᵀ and Q = Σ vᵢqᵢxᵢᵀ (v and q as in <see cref="Targets"/>),
///   S·Aₖ = Gₖ − givenₖ(G + Q)ₖ + receivedₖ Σⱼ givenⱼ(G + Q)ⱼ.
/// Mixing all pᵢ with one fixed distribution, as is usual, moves far more where a class is rare: the bound was 10 to 200 times wider
/// on the nursery data.
/// (reference: algorithms, e6.) The entropies take one pass over the data.
/// </remarks>
public sealed class Certificate
{
    /// <summary>Least bound that is claimed, relative to F: below it rounding rules.</summary>
    public const double Floor = 1e-12;

    readonly PenalizedObjective _objective;
    readonly double _value;
    readonly double _dualPenalty;

    /// <param name="closing">Complete sums of the closing pass over the training part.</param>
    /// <param name="value">F there.</param>
    /// <param name="objective">With λ₂ above 0.</param>
    public Certificate(TrainingStatistics statistics, PenalizedObjective objective, EvaluationSums closing, double value)
    {
        if (!(objective.L2 > 0)) throw new ArgumentException("There is no certificate without an L2 penalty.", nameof(objective));

        (_objective, _value, WeightSum) = (objective, value, statistics.WeightSum);
        var gradient = closing.GradientSums(objective.Scales);
        Mix = MixOf(statistics, gradient.AsSpan(objective.Shape.ClassCount * objective.Shape.FeatureCount));
        _dualPenalty = SquaresOfMixedGradient(statistics, gradient, Mix) / (2 * objective.L2);
    }

    /// <summary>The mixture whose entropies the entropy pass adds up, at the closing parameters.</summary>
    public CertificateMix Mix { get; }

    double WeightSum { get; }

    /// <summary>The bound; at least <see cref="Floor"/> · F, at most F, since no loss is negative.</summary>
    /// <param name="entropies">Complete sums of the entropy pass with <see cref="Mix"/>.</param>
    public double Bound(EvaluationSums entropies)
    {
        var dual = EvaluationSums.ToNumber(entropies.Entropy, _objective.Scales) / WeightSum - _dualPenalty;
        return Math.Max(_value - Math.Max(dual, 0), Floor * _value);
    }

    static CertificateMix MixOf(TrainingStatistics statistics, ReadOnlySpan<double> interceptGradient)
    {
        var given = new double[statistics.ClassCount];
        var received = new double[statistics.ClassCount];
        var lacking = 0.0;
        foreach (var surplus in interceptGradient) lacking += Math.Max(0, -surplus);
        for (var k = 0; k < given.Length; k++)
        {
            var surplus = interceptGradient[k]; // S·(m_p − m_q)
            if (surplus > 0) given[k] = surplus / (statistics.TargetWeights[k] + surplus);
            if (surplus < 0) received[k] = -surplus / lacking;
        }
        return new CertificateMix([.. given], [.. received]);
    }

    /// <summary>‖A‖²_F.</summary>
    static double SquaresOfMixedGradient(TrainingStatistics statistics, ReadOnlySpan<double> gradient, CertificateMix mix)
    {
        var (squares, featureCount) = (0.0, statistics.FeatureCount);
        for (var d = 0; d < featureCount; d++)
        {
            var moved = 0.0;
            for (var k = 0; k < statistics.ClassCount; k++) moved += mix.Given[k] * Predicted(gradient, k, d);
            for (var k = 0; k < statistics.ClassCount; k++)
            {
                var sum = gradient[k * featureCount + d] - mix.Given[k] * Predicted(gradient, k, d) + mix.Received[k] * moved;
                squares += sum / statistics.WeightSum * (sum / statistics.WeightSum);
            }
        }
        return squares;

        double Predicted(ReadOnlySpan<double> sums, int k, int d) =>
            sums[k * featureCount + d] + statistics.TargetFeatureSum(k, d);
    }
}
