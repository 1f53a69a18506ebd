using DistTrain.Problems;

namespace DistTrain.Training;

/// <summary>How often a run saves what it needs to go on after a loss. Decides no bit of the result.</summary>
public sealed record CheckpointPlan
{
    /// <summary>Longest time between two checkpoints, above 0; default 30 s; null: no limit.</summary>
    public TimeSpan? Interval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Most steps between two checkpoints, at least 1; default null: no limit.</summary>
    public int? Steps { get; init; }

    /// <summary>
    /// Work that is worth a checkpoint of its own when optimising ends and the closing passes begin; at least 0, default 1 s. Counts where
    /// <see cref="Interval"/> does.
    /// </summary>
    public TimeSpan ClosingAfter { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest wait for the last checkpoint of a run that is stopped; above 0, default 20 s.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>All faults at once; empty where the plan can be followed.</summary>
    public IEnumerable<Problem> Problems()
    {
        if (Interval <= TimeSpan.Zero) yield return Fault("Interval", Interval, "a duration above 0");
        if (Steps < 1) yield return Fault("Steps", Steps, "a whole number of at least 1");
        if (ClosingAfter < TimeSpan.Zero) yield return Fault("ClosingAfter", ClosingAfter, "a duration of at least 0");
        if (StopTimeout <= TimeSpan.Zero) yield return Fault("StopTimeout", StopTimeout, "a duration above 0");
    }

    static Problem Fault(string option, object? found, string expected) =>
        new("DT3020", ExitCode.Configuration, FormattableString.Invariant($"Checkpoints.{option} is {found}"), $"expected: {expected}");
}
