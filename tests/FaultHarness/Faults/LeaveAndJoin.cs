using DistTrain.FaultHarness.Processes;
using DistTrain.FaultHarness.Runs;

namespace DistTrain.FaultHarness.Faults;

/// <summary>A random worker leaves on SIGTERM, and a new one joins, in either order.</summary>
sealed class LeaveAndJoin : IFault
{
    public string Name => "worker leaves, another joins";

    public TimeSpan RecoveryMax => TimeSpan.FromSeconds(5);

    public async Task<Strike> StrikeAsync(Fleet fleet, Random random, CancellationToken stop)
    {
        var (leaving, joining) = (fleet.AnyWorker(random), await fleet.AddWorkerAsync(stop));
        Action[] actions = [leaving.Leave, joining.Start];
        if (random.Next(2) == 0) Array.Reverse(actions);
        var strike = Strike.Now(leaving);
        actions[0]();
        await Waiting.ForAsync(random.Between(0, 2), stop);
        actions[1]();
        return strike;
    }
}
