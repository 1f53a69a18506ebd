using DistTrain.FaultHarness.Processes;
using DistTrain.FaultHarness.Runs;

namespace DistTrain.FaultHarness.Faults;

/// <summary>SIGSTOP of a random worker for 1 to 15 s: it holds leases, answers nothing, and comes back with what it had.</summary>
sealed class PauseWorker : IFault
{
    public string Name => "worker paused";

    public TimeSpan RecoveryMax => TimeSpan.FromSeconds(5);

    public async Task<Strike> StrikeAsync(Fleet fleet, Random random, CancellationToken stop)
    {
        var worker = fleet.AnyWorker(random);
        var duration = random.Between(1, 15);
        var strike = Strike.Now($"{worker} for {duration.TotalSeconds:F1} s");
        worker.Pause();
        await Waiting.ForAsync(duration, stop);
        worker.Continue();
        return strike;
    }
}
