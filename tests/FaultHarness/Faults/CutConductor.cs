using DistTrain.FaultHarness.Processes;
using DistTrain.FaultHarness.Runs;

namespace DistTrain.FaultHarness.Faults;

/// <summary>
/// The link of the candidate that conducts is down until another one has taken over. When it is up again there are two that believe they
/// conduct, and only the one of the higher term may put anything into place.
/// </summary>
sealed class CutConductor : IFault
{
    public string Name => "conductor cut off, another takes over";

    public TimeSpan RecoveryMax => TimeSpan.FromSeconds(40);

    public async Task<Strike> StrikeAsync(Fleet fleet, Random random, CancellationToken stop)
    {
        var conductor = fleet.Conductor;
        var strike = Strike.Now(conductor);
        await fleet.Network!.CutAsync(conductor.Place, stop);
        await Waiting.UntilAsync(() => fleet.Events.WentOnAfter(strike.CountedFrom + Settled) is not null, RecoveryMax, stop);
        await fleet.Network.MendAsync(conductor.Place, stop);
        return strike with { CountedFrom = strike.CountedFrom + Settled };
    }

    // What was under way when the link went down may still end.
    static TimeSpan Settled => TimeSpan.FromSeconds(2);
}
