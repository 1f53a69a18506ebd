using DistTrain.FaultHarness.Processes;
using DistTrain.FaultHarness.Runs;

namespace DistTrain.FaultHarness.Faults;

/// <summary>The link of the coordinator's host is down for 10 s: all workers are on the other side, and none goes on without it.</summary>
sealed class CutCoordinator : IFault
{
    public string Name => "coordinator cut off";

    public TimeSpan RecoveryMax => TimeSpan.FromSeconds(15);

    public async Task<Strike> StrikeAsync(Fleet fleet, Random random, CancellationToken stop)
    {
        var coordinator = fleet.Conductor;
        await fleet.Network!.CutAsync(coordinator.Place, stop);
        await Waiting.ForAsync(CutWorker.Duration, stop);
        await fleet.Network.MendAsync(coordinator.Place, stop);
        return Strike.Now(coordinator);
    }
}
