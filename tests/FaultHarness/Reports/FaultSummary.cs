namespace DistTrain.FaultHarness.Reports;

/// <summary>All faults of one class.</summary>
/// <param name="Count">Those in mid-run.</param>
/// <param name="RecoveryMedian">Seconds.</param>
/// <param name="RecoveryMax">Seconds.</param>
/// <param name="Limit">Seconds.</param>
sealed record FaultSummary(string Fault, int Count, double RecoveryMedian, double RecoveryMax, double Limit, int TooSlow)
{
    public static IReadOnlyList<FaultSummary> Of(IEnumerable<StrikeReport> strikes) =>
    [
        .. from strike in strikes
           where strike is { IsInMidRun: true, Recovery: not null }
           group strike by strike.Fault into all
           orderby all.Key
           let recoveries = all.Select(strike => strike.Recovery!.Value).Order().ToList()
           select new FaultSummary(
               all.Key, recoveries.Count, recoveries[(recoveries.Count - 1) / 2], recoveries[^1], all.First().RecoveryMax,
               all.Count(strike => !strike.IsInTime)),
    ];
}
