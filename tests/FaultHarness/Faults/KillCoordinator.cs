using DistTrain.FaultHarness.Processes;
using DistTrain.FaultHarness.Runs;

namespace DistTrain.FaultHarness.Faults;

/// <summary>SIGKILL of the coordinator, which is started again a little later, with the same command.</summary>
sealed class KillCoordinator : IFault
{
    public string Name => "coordinator killed";

    public TimeSpan RecoveryMax => TimeSpan.FromSeconds(15);

    public async Task<Strike> StrikeAsync(Fleet fleet, Random random, CancellationToken stop)
    {
        var coordinator = fleet.Conductor;
        coordinator.Kill();
        await Waiting.ForAsync(random.Between(0, 3), stop);
        var strike = Strike.Now(coordinator);
        coordinator.Start();
        return strike;
    }
}
