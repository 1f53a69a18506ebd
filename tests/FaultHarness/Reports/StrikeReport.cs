namespace DistTrain.FaultHarness.Reports;

/// <summary>One fault, and how the run took it.</summary>
/// <param name="Step">Newest step before it.</param>
/// <param name="Recovery">Seconds from the moment that counts until the second evaluation ended after it.</param>
/// <param name="IsInMidRun">The run had taken a step before, and went on after. Others prove nothing and are struck again.</param>
sealed record StrikeReport(string Fault, string Victim, int Step, double? Recovery, double RecoveryMax, bool IsInMidRun)
{
    public bool IsInTime => !IsInMidRun || Recovery <= RecoveryMax;
}
