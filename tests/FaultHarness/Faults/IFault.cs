using DistTrain.FaultHarness.Runs;

namespace DistTrain.FaultHarness.Faults;

/// <summary>
/// Something that goes wrong in the middle of a run. To add one: a class like <see cref="KillWorker"/>, and a line in
/// <see cref="Schedule"/>.
/// </summary>
interface IFault
{
    /// <summary>Of its class, in reports.</summary>
    string Name { get; }

    /// <summary>How soon the run must go on.</summary>
    TimeSpan RecoveryMax { get; }

    /// <summary>Breaks something of a fleet in mid-run, and mends it.</summary>
    /// <param name="random">All its choices: a seed repeats them.</param>
    /// <returns>Whom it hit, and from when on the recovery is counted.</returns>
    Task<Strike> StrikeAsync(Fleet fleet, Random random, CancellationToken stop);
}
