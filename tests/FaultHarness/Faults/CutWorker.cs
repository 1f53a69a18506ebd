using DistTrain.FaultHarness.Processes;
using DistTrain.FaultHarness.Runs;

namespace DistTrain.FaultHarness.Faults;

/// <summary>The link of a random worker's host is down for 10 s. The others go on meanwhile; it finds its way back.</summary>
sealed class CutWorker : IFault
{
    public static TimeSpan Duration { get; } = TimeSpan.FromSeconds(10);

    public string Name => "worker cut off";

    public TimeSpan RecoveryMax => TimeSpan.FromSeconds(5);

    public async Task<Strike> StrikeAsync(Fleet fleet, Random random, CancellationToken stop)
    {
        var worker = fleet.AnyWorker(random);
        var strike = Strike.Now(worker);
        await fleet.Network!.CutAsync(worker.Place, stop);
        await Waiting.ForAsync(Duration, stop);
        await fleet.Network.MendAsync(worker.Place, stop);
        return strike;
    }
}
