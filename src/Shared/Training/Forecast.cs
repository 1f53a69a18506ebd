using System.Collections.Immutable;
using DistTrain.Numerics;

namespace DistTrain.Training;

/// <summary>Where training ends by itself, for a forecast of when.</summary>
/// <param name="GradientMax">Gradient at which it has converged; null where only batches' gradients are known.</param>
/// <param name="Steps">Limit on steps; null: none.</param>
/// <param name="Epochs">Limit on passes; null: none.</param>
public sealed record TrainingGoal(double? GradientMax, int? Steps, int? Epochs)
{
    /// <summary>Of a run with these options; null where it is a path of several.</summary>
    public static TrainingGoal? Of(TrainingOptions options) => !options.L2Path.IsEmpty
        ? null
        : options.Optimizer.IsFullBatch()
            ? new TrainingGoal(options.Tolerance, options.MaxStepsInEffect, null)
            : new TrainingGoal(null, options.MaxSteps, options.Epochs);
}

/// <summary>
/// How long training is still going to take, going by the last steps: limits at the pace they were taken at, and the gradient on the
/// straight line that its logarithm fell on. A guess to look at, on which nothing rests.
/// </summary>
public sealed record Forecast(TrainingGoal Goal)
{
    const int SamplesMax = 12;

    /// <summary>Fewer show no line.</summary>
    const int SamplesMin = 4;

    ImmutableArray<Sample> Samples { get; init; } = [];

    /// <param name="at">Since the run's start.</param>
    public Forecast After(StepSummary step, TimeSpan at)
    {
        var kept = Samples.Length == SamplesMax ? Samples.RemoveAt(0) : Samples;
        var gradient = step.GradientMax is > 0 and var max && double.IsFinite(max) ? PinnedMath.Log(max) : (double?)null;
        return this with { Samples = kept.Add(new Sample(at.TotalSeconds, step.Step, step.Epochs, gradient)) };
    }

    /// <summary>Time from the last step to the end of optimising; null where too little is known, or no end is in sight.</summary>
    public TimeSpan? TimeLeft
    {
        get
        {
            if (Samples.Length < SamplesMin) return null;
            double?[] guesses = [ByLimit(Goal.Steps, sample => sample.Step), ByLimit(Goal.Epochs, sample => sample.Epochs), ByGradient()];
            return guesses.Min() is { } seconds && seconds < TimeSpan.MaxValue.TotalSeconds / 2
                ? TimeSpan.FromSeconds(Math.Max(0, seconds))
                : null;
        }
    }

    double? ByLimit(int? limit, Func<Sample, double> of)
    {
        var (first, last) = (Samples[0], Samples[^1]);
        var pace = (of(last) - of(first)) / (last.At - first.At);
        return pace > 0 && double.IsFinite(pace) ? (limit - of(last)) / pace : null;
    }

    /// <summary>Least squares of the gradient's logarithm over time, as far as all samples have one.</summary>
    double? ByGradient()
    {
        if (Goal.GradientMax is not > 0 || Samples.Any(sample => sample.LogGradient is null)) return null;
        var (meanAt, meanLog) = (Samples.Average(sample => sample.At), Samples.Average(sample => sample.LogGradient!.Value));
        var covariance = Samples.Sum(sample => (sample.At - meanAt) * (sample.LogGradient!.Value - meanLog));
        var variance = Samples.Sum(sample => (sample.At - meanAt) * (sample.At - meanAt));
        var slope = covariance / variance;
        if (!(slope < 0) || !double.IsFinite(slope)) return null;
        return (PinnedMath.Log(Goal.GradientMax.Value) - meanLog) / slope - (Samples[^1].At - meanAt);
    }

    readonly record struct Sample(double At, double Step, double Epochs, double? LogGradient);
}
