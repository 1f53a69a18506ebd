using System.Runtime.CompilerServices;
using DistTrain.Numerics;

namespace DistTrain.Learning;

/// <summary>An upper bound of F − min F at the closing point of a penalised problem, by weak duality.</summary>
/// <remarks>
/// For distributions aᵢ over the classes with Σ vᵢaᵢ = Σ vᵢqᵢ (v and q as in <see cref="Targets"/>; the intercepts are free),
///   min F ≥ D = (1/S) Σ vᵢH(aᵢ) − R*(A),   A = (1/S) Σ vᵢ(aᵢ − qᵢ)xᵢᵀ,   H = entropy,
///   R*(A) = Σ_d Σₖ max(|A_kd| − λ₁,d, 0)² / (2λ₂,d),   and where λ₂,d = 0 it must be that |A_kd| ≤ λ₁,d.
/// Taken: aᵢ = (1 − t)·Tᵀpᵢ + t·qᵢ.
///   T   one stochastic matrix that moves as little probability as possible (<see cref="CertificateMix"/>): a class that is predicted
///       more often than observed gives away the surplus, (m_p,k − m_q,k)/m_p,k of each of its probabilities, and the others share it as
///       they lack it. Mixing all pᵢ with one fixed distribution, as is usual, moves far more where a class is rare: the bound was 10
///       to 200 times wider on the nursery data.
///   t   shrinks A = (1 − t)·A(T) into the bounds of features without λ₂, and is 0 where all have one.
/// A(T) needs only sums that are there: with G = Σ vᵢ(pᵢ − qᵢ)xᵢᵀ and Q = Σ vᵢqᵢxᵢᵀ,
///   S·Aₖ = Gₖ − givenₖ(G + Q)ₖ + receivedₖ Σⱼ givenⱼ(G + Q)ⱼ.
/// (reference: algorithms, e6.) The entropies take one pass over the data.
/// </remarks>
public sealed class Certificate
{
    /// <summary>Least bound that is claimed, relative to F: below it rounding rules.</summary>
    public const double Floor = 1e-12;

    /// <summary>
    /// What F − D may lack by rounding: each row's loss and entropy come from numbers near 1, and are off by some 2⁻⁵² of its weight, however
    /// small they are.
    /// </summary>
    const double Rounding = 1e-15;

    readonly PenalizedObjective _objective;
    readonly double _value;
    readonly double _dualPenalty;

    /// <param name="closing">Complete sums of the closing pass over the training part.</param>
    /// <param name="value">F there.</param>
    /// <param name="objective">With a penalty on all features.</param>
    public Certificate(TrainingStatistics statistics, PenalizedObjective objective, EvaluationSums closing, double value)
    {
        if (!objective.Penalty.IsOnAllFeatures)
            throw new ArgumentException("There is no certificate where a feature has no penalty.", nameof(objective));

        (_objective, _value, WeightSum) = (objective, value, statistics.WeightSum);
        var gradient = closing.GradientSums(objective.Scales);
        var weightCount = objective.Shape.ClassCount * objective.Shape.FeatureCount;
        var transport = MixOf(statistics, gradient.AsSpan(weightCount));
        MixGradient(statistics, gradient, transport);
        var slopes = gradient.AsSpan(0, weightCount);
        Mix = transport with { Observed = ObservedShare(objective.Penalty, slopes) };
        _dualPenalty = Conjugate(objective.Penalty, slopes, 1 - Mix.Observed);
    }

    /// <summary>The mixture whose entropies the entropy pass adds up, at the closing parameters.</summary>
    public CertificateMix Mix { get; }

    double WeightSum { get; }

    /// <summary>The bound; at least <see cref="Floor"/> · F, at most F, since no loss is negative.</summary>
    /// <param name="entropies">Complete sums of the entropy pass with <see cref="Mix"/>.</param>
    public double Bound(EvaluationSums entropies)
    {
        var dual = EvaluationSums.ToNumber(entropies.Entropy, _objective.Scales) / WeightSum - _dualPenalty;
        return Math.Clamp(_value - dual + Rounding, Floor * _value, _value);
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

    /// <summary>Replaces G, [K, D], by A(T).</summary>
    [MethodImpl(Compilation.Full)]
    static void MixGradient(TrainingStatistics statistics, Span<double> gradient, CertificateMix mix)
    {
        var (classCount, featureCount) = (statistics.ClassCount, statistics.FeatureCount);
        Span<double> given = new double[classCount];
        for (var d = 0; d < featureCount; d++)
        {
            var moved = 0.0;
            for (var k = 0; k < classCount; k++)
            {
                given[k] = mix.Given[k] * (gradient[k * featureCount + d] + statistics.TargetFeatureSum(k, d));
                moved += given[k];
            }
            for (var k = 0; k < classCount; k++)
            {
                ref var entry = ref gradient[k * featureCount + d];
                entry = (entry - given[k] + mix.Received[k] * moved) / statistics.WeightSum;
            }
        }
    }

    /// <summary>t: as much of the observed labels as features without λ₂ need for (1 − t)|A| ≤ λ₁.</summary>
    [MethodImpl(Compilation.Full)]
    static double ObservedShare(Penalty penalty, ReadOnlySpan<double> slopes)
    {
        var share = 0.0;
        for (var i = 0; i < slopes.Length; i++)
        {
            var d = i % penalty.L1.Length;
            if (penalty.L2[d] == 0 && !penalty.IsConstant(d) && Math.Abs(slopes[i]) > penalty.L1[d])
                share = Math.Max(share, 1 - penalty.L1[d] / Math.Abs(slopes[i]));
        }
        return share;
    }

    /// <summary>R*(share · A). Features without λ₂ are within their bounds, rounding aside.</summary>
    [MethodImpl(Compilation.Full)]
    static double Conjugate(Penalty penalty, ReadOnlySpan<double> slopes, double share)
    {
        var sum = 0.0;
        for (var i = 0; i < slopes.Length; i++)
        {
            var d = i % penalty.L1.Length;
            if (penalty.L2[d] == 0 || penalty.IsConstant(d)) continue;
            var excess = Math.Max(0, share * Math.Abs(slopes[i]) - penalty.L1[d]);
            sum += excess * excess / (2 * penalty.L2[d]);
        }
        return sum;
    }
}
