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
        var slopes = objective.GradientSums(closing);
        var transport = MixOf(statistics, slopes.AsSpan(objective.Shape.ClassCount * objective.Shape.FeatureCount));
        objective.ForFeatures((_, features) => MixGradient(statistics, slopes, transport, features));
        Mix = transport with { Observed = ObservedShare(objective, slopes) };
        _dualPenalty = Conjugate(objective, slopes, 1 - Mix.Observed);
        SpareNumbers.Give(slopes);
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

    /// <summary>Replaces some features' G, [K, D], by A(T).</summary>
    [MethodImpl(Compilation.Full)]
    static void MixGradient(TrainingStatistics statistics, double[] gradient, CertificateMix mix, Range features)
    {
        var (classCount, featureCount) = (statistics.ClassCount, statistics.FeatureCount);
        var (first, count) = features.GetOffsetAndLength(featureCount);
        var moved = new double[count];
        for (var k = 0; k < classCount; k++)
        {
            var own = gradient.AsSpan(k * featureCount + first, count);
            for (var i = 0; i < own.Length; i++) moved[i] += mix.Given[k] * (own[i] + statistics.TargetFeatureSum(k, first + i));
        }
        for (var k = 0; k < classCount; k++)
        {
            var own = gradient.AsSpan(k * featureCount + first, count);
            for (var i = 0; i < own.Length; i++)
            {
                var given = mix.Given[k] * (own[i] + statistics.TargetFeatureSum(k, first + i));
                own[i] = (own[i] - given + mix.Received[k] * moved[i]) / statistics.WeightSum;
            }
        }
    }

    /// <summary>t: as much of the observed labels as features without λ₂ need for (1 − t)|A| ≤ λ₁.</summary>
    static double ObservedShare(PenalizedObjective objective, double[] slopes)
    {
        var penalty = objective.Penalty;
        if (!penalty.L2.AsSpan().Contains(0)) return 0;

        var share = 0.0;
        for (var d = 0; d < penalty.L2.Length; d++)
        {
            if (penalty.L2[d] != 0 || penalty.IsConstant(d)) continue;
            for (var k = 0; k < objective.Shape.ClassCount; k++)
            {
                var slope = Math.Abs(slopes[k * penalty.L2.Length + d]);
                if (slope > penalty.L1[d]) share = Math.Max(share, 1 - penalty.L1[d] / slope);
            }
        }
        return share;
    }

    /// <summary>R*(share · A). Features without λ₂ are within their bounds, rounding aside.</summary>
    static double Conjugate(PenalizedObjective objective, double[] slopes, double share)
    {
        var parts = new double[objective.FeaturePieceCount];
        objective.ForFeatures((i, features) => parts[i] = Conjugate(objective, slopes, share, features));
        return parts.Sum();
    }

    /// <summary>Some features' part of it.</summary>
    [MethodImpl(Compilation.Full)]
    static double Conjugate(PenalizedObjective objective, double[] slopes, double share, Range features)
    {
        var (penalty, sum) = (objective.Penalty, 0.0);
        var (first, count) = features.GetOffsetAndLength(penalty.L2.Length);
        for (var k = 0; k < objective.Shape.ClassCount; k++)
        {
            var own = slopes.AsSpan(k * penalty.L2.Length, penalty.L2.Length);
            for (var d = first; d < first + count; d++)
            {
                if (penalty.L2[d] == 0 || penalty.IsConstant(d)) continue;
                var excess = Math.Max(0, share * Math.Abs(own[d]) - penalty.L1[d]);
                sum += excess * excess / (2 * penalty.L2[d]);
            }
        }
        return sum;
    }
}
