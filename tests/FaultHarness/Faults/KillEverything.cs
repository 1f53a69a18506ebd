using DistTrain.FaultHarness.Processes;
using DistTrain.FaultHarness.Runs;

namespace DistTrain.FaultHarness.Faults;

/// <summary>SIGKILL of every process, as when the power fails; all are started again.</summary>
sealed class KillEverything : IFault
{
    public string Name => "everything killed";

    public TimeSpan RecoveryMax => TimeSpan.FromSeconds(15);

    public async Task<Strike> StrikeAsync(Fleet fleet, Random random, CancellationToken stop)
    {
        foreach (var node in fleet.Nodes) node.Kill();
        await Waiting.ForAsync(random.Between(0, 1), stop);
        var strike = Strike.Now("all");
        fleet.Start();
        return strike;
    }
}
