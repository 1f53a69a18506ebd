using DistTrain.Numerics;

namespace DistTrain.Learning.Optimizers.Minibatch;

/// <summary>How the learning rate changes as steps are taken.</summary>
public enum LearningRateSchedule
{
    /// <summary>It stays.</summary>
    Constant,

    /// <summary>
    /// A tenth after half of the steps, a hundredth after three quarters (He et al., "Deep residual learning", CVPR 2016).
    /// </summary>
    Step,

    /// <summary>Half a cosine from the full rate down to 0 (Loshchilov and Hutter, "SGDR", ICLR 2017, without restarts).</summary>
    Cosine,

    /// <summary>Divided by one plus the epochs so far, fractions included: inverse time (Robbins and Monro 1951; Bottou 2012).</summary>
    Inverse,
}

/// <summary>η of each step: a pure function of its number.</summary>
/// <param name="Peak">The full rate, above 0.</param>
/// <param name="WarmupSteps">
/// Steps in which it rises in a line to the full rate (Goyal et al. 2017); the schedule begins after them.
/// </param>
/// <param name="StepsPerEpoch">For <see cref="LearningRateSchedule.Inverse"/>; at least 1.</param>
/// <param name="StepsTotal">All steps, warm-up included: where step and cosine end.</param>
public sealed record LearningRate(
    double Peak, LearningRateSchedule Schedule, int WarmupSteps = 0, int StepsPerEpoch = 1, int StepsTotal = int.MaxValue)
{
    /// <param name="step">From 0.</param>
    public double At(int step)
    {
        if (step < WarmupSteps) return Peak * (step + 1) / WarmupSteps;
        var steps = step - WarmupSteps;
        var progress = Math.Min(1, (double)steps / Math.Max(1, StepsTotal - WarmupSteps));
        return Peak * Schedule switch
        {
            LearningRateSchedule.Step => progress < 0.5 ? 1 : progress < 0.75 ? 0.1 : 0.01,
            LearningRateSchedule.Cosine => (1 + PinnedMath.CosOfTurns(progress / 2)) / 2,
            LearningRateSchedule.Inverse => 1 / (1 + (double)steps / StepsPerEpoch),
            _ => 1,
        };
    }
}
