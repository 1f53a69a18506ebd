using System.Collections.Immutable;

namespace DistTrain.FaultHarness.Reports;

/// <summary>One run of a cluster, judged.</summary>
/// <param name="Hash">Of its parameters; null where it has none.</param>
/// <param name="Expected">That of the undisturbed run.</param>
/// <param name="Problems">Everything that should not be; empty: the run is as promised.</param>
sealed record RunReport(
    string Workload, string Nodes, string? Hash, string Expected, double Seconds,
    ImmutableArray<StrikeReport> Strikes, EventVerdict? Events, ImmutableArray<string> Problems)
{
    public bool IsGood => Problems.IsEmpty;
}
