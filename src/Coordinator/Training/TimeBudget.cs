namespace DistTrain.Coordinator.Training;

/// <summary>The time of --max-time, shared by the runs that are still to come.</summary>
/// <param name="total">Null: no limit.</param>
sealed class TimeBudget(TimeSpan? total, TimeProvider clock)
{
    static readonly TimeSpan Least = TimeSpan.FromMilliseconds(1);

    readonly long _startedAt = clock.GetTimestamp();

    /// <summary>
    /// What the next of <paramref name="runsLeft"/> runs may take: an equal share of what is left, and never nothing at all.
    /// </summary>
    public TimeSpan? ShareOf(int runsLeft) =>
        total is { } limit ? Max((limit - clock.GetElapsedTime(_startedAt)) / runsLeft, Least) : null;

    static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
