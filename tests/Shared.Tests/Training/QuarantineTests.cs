using DistTrain.Protocol;
using DistTrain.Training;

namespace DistTrain.Shared.Tests.Training;

public class QuarantineTests
{
    static readonly RosterWorker Silent = new(new WorkerId("silent"), Incarnation: 3, Threads: 1);

    [Fact]
    public void A_silent_worker_is_kept_out_for_two_seconds_then_twice_as_long_each_time()
    {
        var once = Quarantine.Empty.Add(Silent, At(10));
        Assert.Equal((true, false), (once.Holds(Joining(3), At(11.9)), once.Holds(Joining(3), At(12))));
        var twice = once.Add(Silent, At(20));
        Assert.Equal((true, false), (twice.Holds(Joining(3), At(23.9)), twice.Holds(Joining(3), At(24))));
    }

    [Fact]
    public void It_is_never_kept_out_longer_than_five_minutes()
    {
        var quarantine = Enumerable.Range(0, 100).Aggregate(Quarantine.Empty, (stays, _) => stays.Add(Silent, At(0)));
        Assert.Equal((true, false), (quarantine.Holds(Joining(3), At(299)), quarantine.Holds(Joining(3), At(300))));
    }

    [Fact]
    public void A_worker_that_answered_or_started_again_is_free()
    {
        var quarantine = Quarantine.Empty.Add(Silent, At(0)).Add(Silent, At(0));
        Assert.False(quarantine.Holds(Joining(4), At(1)));
        Assert.False(quarantine.Release(Silent.Id).Holds(Joining(3), At(1)));
        Assert.False(quarantine.Release(Silent.Id).Add(Silent, At(0)).Holds(Joining(3), At(2)));
    }

    static WorkerJoining Joining(long incarnation) => new(Silent.Id, incarnation, ProtocolVersion.Current, "hash", 1);

    static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);
}
