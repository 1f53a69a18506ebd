using DistTrain.FaultHarness.Processes;
using DistTrain.FaultHarness.Runs;

namespace DistTrain.FaultHarness.Faults;

/// <summary>SIGKILL of the candidate that conducts: another one takes over. It comes back long after, and stands by.</summary>
sealed class KillConductor : IFault
{
    public string Name => "another candidate takes over";

    public TimeSpan RecoveryMax => TimeSpan.FromSeconds(30);

    public async Task<Strike> StrikeAsync(Fleet fleet, Random random, CancellationToken stop)
    {
        var conductor = fleet.Conductor;
        var strike = Strike.Now(conductor);
        conductor.Kill();
        await Waiting.UntilAsync(() => fleet.Events.WentOnAfter(strike.CountedFrom) is not null, RecoveryMax, stop);
        conductor.Start();
        return strike;
    }
}
