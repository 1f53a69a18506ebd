using Akka.Actor;
using Akka.Cluster;
using DistTrain.Problems;

namespace DistTrain.Coordinator.Cluster;

/// <summary>Sees to it that a candidate that belongs to no cluster does not wait for ever.</summary>
sealed class MembershipWatch : ReceiveActor, IWithTimers
{
    readonly TimeSpan _deadline;

    /// <param name="deadline">Longest time until this node is a member.</param>
    public MembershipWatch(TrainingOutcome outcome, TimeSpan deadline)
    {
        _deadline = deadline;
        var cluster = Akka.Cluster.Cluster.Get(Context.System);
        cluster.Subscribe(Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, typeof(ClusterEvent.MemberUp));
        Receive<ClusterEvent.MemberUp>(up =>
        {
            if (up.Member.UniqueAddress.Equals(cluster.SelfUniqueAddress)) Timers.Cancel(TooLong.Instance);
        });
        Receive<TooLong>(_ => outcome.Fail(NotFormed(deadline)));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>The node was removed, or its actor system has ended, before the run had.</summary>
    public static Problem Removed() => new(
        "DT5003", ExitCode.Cluster, "this coordinator was removed from its cluster before the run had ended",
        "expected: coordinator candidates that see each other",
        "fix: start it again; it goes on from the newest checkpoint, unless another candidate has");

    protected override void PreStart() => Timers.StartSingleTimer(TooLong.Instance, TooLong.Instance, _deadline);

    protected override void PostStop() => Akka.Cluster.Cluster.Get(Context.System).Unsubscribe(Self);

    static Problem NotFormed(TimeSpan waited) => new(
        "DT5004", ExitCode.Cluster, FormattableString.Invariant($"no cluster to belong to within {waited.TotalSeconds:0.###} s"),
        "expected: the first candidate of --join, or others that have formed a cluster already",
        "fix: start the first one, and check that the candidates reach each other; or allow more time with --join-timeout");

    /// <summary>Timer to self.</summary>
    sealed record TooLong : INoSerializationVerificationNeeded
    {
        public static TooLong Instance { get; } = new();
    }
}
