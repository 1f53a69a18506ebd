using DistTrain.FaultHarness.Processes;
using DistTrain.FaultHarness.Runs;

namespace DistTrain.FaultHarness.Faults;

/// <summary>SIGSTOP of the coordinator for 1 to 15 s: its workers take it for dead, and it does not know that it was away.</summary>
sealed class PauseCoordinator : IFault
{
    public string Name => "coordinator paused";

    public TimeSpan RecoveryMax => TimeSpan.FromSeconds(15);

    public async Task<Strike> StrikeAsync(Fleet fleet, Random random, CancellationToken stop)
    {
        var duration = random.Between(1, 15);
        var coordinator = fleet.Conductor;
        coordinator.Pause();
        await Waiting.ForAsync(duration, stop);
        coordinator.Continue();
        return Strike.Now($"{coordinator} for {duration.TotalSeconds:F1} s");
    }
}
