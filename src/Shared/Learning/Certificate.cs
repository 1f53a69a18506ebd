using DistTrain.Data.Storage;

namespace DistTrain.Learning;

/// <summary>An upper bound of F − min F at the closing point of an L2-penalised problem, by weak duality.</summary>
/// <remarks>
/// For distributions aᵢ over the classes with Σ wᵢaᵢ = Σ wᵢqᵢ (the intercepts are free),
///   min F ≥ D = (1/S) Σ wᵢH(aᵢ) − ‖A‖²/(2λ₂),   A = (1/S) Σ wᵢ(aᵢ − qᵢ)xᵢᵀ,   H = entropy.
/// Taken: aᵢ = (1−θ)pᵢ + θc. With class means m_p, m_q of p and q, θ = max_k (1 − m_q,k/m_p,k)₊ is the least for which a distribution
/// c makes the means match. Then A needs only sums that are there: with G = Σ wᵢ(pᵢ − qᵢ)xᵢᵀ,
///   S·A = (1−θ)G + θ(c·(Σ wᵢxᵢ)ᵀ − Σ wᵢqᵢxᵢᵀ).
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
    public Certificate(DatasetManifest manifest, PenalizedObjective objective, EvaluationSums closing, double value)
    {
        if (!(objective.L2 > 0)) throw new ArgumentException("There is no certificate without an L2 penalty.", nameof(objective));

        (_objective, _value, WeightSum) = (objective, value, manifest.WeightSum);
        var gradient = closing.GradientSums(objective.Scales);
        Mix = MixOf(manifest, gradient.AsSpan(objective.Shape.ClassCount * objective.Shape.FeatureCount));
        _dualPenalty = SquaresOfMixedGradient(manifest, gradient, Mix) / (2 * objective.L2);
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

    static CertificateMix MixOf(DatasetManifest manifest, ReadOnlySpan<double> interceptGradient)
    {
        var classCount = manifest.ClassCount;
        var theta = 0.0;
        for (var k = 0; k < classCount; k++)
            theta = Math.Max(theta, 1 - manifest.ClassWeights[k] / (manifest.ClassWeights[k] + interceptGradient[k]));

        var classes = new double[classCount];
        for (var k = 0; k < classCount; k++)
        {
            var predicted = manifest.ClassWeights[k] + interceptGradient[k];
            var missing = manifest.ClassWeights[k] - (1 - theta) * predicted;
            classes[k] = theta > 0 ? Math.Max(0, missing) : manifest.ClassWeights[k];
        }
        var sum = classes.Sum();
        return new CertificateMix(theta, [.. classes.Select(value => value / sum)]);
    }

    /// <summary>‖A‖²_F.</summary>
    static double SquaresOfMixedGradient(DatasetManifest manifest, ReadOnlySpan<double> gradient, CertificateMix mix)
    {
        var squares = 0.0;
        for (var k = 0; k < manifest.ClassCount; k++)
        {
            for (var d = 0; d < manifest.FeatureCount; d++)
            {
                var index = k * manifest.FeatureCount + d;
                var observed = manifest.ClassFeatureSums[index];
                var mixed = ((1 - mix.Theta) * gradient[index] + mix.Theta * (mix.Classes[k] * manifest.Sums[d] - observed))
                    / manifest.WeightSum;
                squares += mixed * mixed;
            }
        }
        return squares;
    }
}
