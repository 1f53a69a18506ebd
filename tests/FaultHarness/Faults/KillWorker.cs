using DistTrain.FaultHarness.Processes;
using DistTrain.FaultHarness.Runs;

namespace DistTrain.FaultHarness.Faults;

/// <summary>SIGKILL of a random worker, which is started again a little later. The others go on meanwhile.</summary>
sealed class KillWorker : IFault
{
    public string Name => "worker killed";

    public TimeSpan RecoveryMax => TimeSpan.FromSeconds(5);

    public async Task<Strike> StrikeAsync(Fleet fleet, Random random, CancellationToken stop)
    {
        var worker = fleet.AnyWorker(random);
        var strike = Strike.Now(worker);
        worker.Kill();
        await Waiting.ForAsync(random.Between(0, 2), stop);
        worker.Start();
        return strike;
    }
}
