using Akka.Actor;
using Akka.Cluster;
using Akka.Event;
using DistTrain.Membership;
using DistTrain.Node.Hosting;
using AkkaCluster = Akka.Cluster.Cluster;

namespace DistTrain.Node.Cluster;

/// <summary>
/// Removes members that are gone: coordinators do, by <see cref="SplitRule"/>, and workers remove nobody. Akka's own resolver lets a member
/// of any role decide, and of two coordinators one alone, by its address.
/// </summary>
/// <remarks>Made by Akka, from its configuration.</remarks>
public sealed class CandidateDowning(ActorSystem system, AkkaCluster cluster) : IDowningProvider
{
    /// <summary>Where the configuration says how long a coordinator must be gone.</summary>
    internal const string StableAfterKey = "disttrain.removal.stable-after";

    /// <summary>Where it says how long a worker must be.</summary>
    internal const string WorkerStableAfterKey = "disttrain.removal.worker-stable-after";

    /// <summary>Where it says how long the next coordinator waits after a removal.</summary>
    internal const string MarginKey = "disttrain.removal.margin";

    public TimeSpan DownRemovalMargin => system.Settings.Config.GetTimeSpan(MarginKey);

    public Props? DowningActorProps
    {
        get
        {
            var (own, settings) = (cluster, system.Settings.Config);
            var (stableAfter, workerStableAfter) = (settings.GetTimeSpan(StableAfterKey), settings.GetTimeSpan(WorkerStableAfterKey));
            return own.SelfRoles.Contains(NodeRoles.Coordinator)
                ? ActorProps.Of(() => new Remover(own, stableAfter, workerStableAfter))
                : null;
        }
    }

    /// <summary>Looks at each member that this node has not seen for a while, when the while is over.</summary>
    sealed class Remover : ReceiveActor, IWithTimers
    {
        readonly AkkaCluster _cluster;
        readonly ILoggingAdapter _log = Context.GetLogger();
        readonly TimeSpan _stableAfter;
        readonly TimeSpan _workerStableAfter;
        readonly HashSet<UniqueAddress> _unseen = [];

        public Remover(AkkaCluster cluster, TimeSpan stableAfter, TimeSpan workerStableAfter)
        {
            (_cluster, _stableAfter, _workerStableAfter) = (cluster, stableAfter, workerStableAfter);
            Receive<ClusterEvent.UnreachableMember>(gone => Wait(gone.Member));
            Receive<ClusterEvent.ReachableMember>(back => Forget(back.Member));
            Receive<ClusterEvent.MemberRemoved>(removed => Forget(removed.Member));
            Receive<StillGone>(gone => Resolve(gone.Member));
        }

        public ITimerScheduler Timers { get; set; } = null!;

        protected override void PreStart() => _cluster.Subscribe(
            Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents,
            typeof(ClusterEvent.IReachabilityEvent), typeof(ClusterEvent.MemberRemoved));

        protected override void PostStop() => _cluster.Unsubscribe(Self);

        void Wait(Member gone)
        {
            _unseen.Add(gone.UniqueAddress);
            var patience = gone.HasRole(NodeRoles.Coordinator) ? _stableAfter : _workerStableAfter;
            Timers.StartSingleTimer(gone.UniqueAddress, new StillGone(gone), patience);
        }

        void Forget(Member member)
        {
            _unseen.Remove(member.UniqueAddress);
            Timers.Cancel(member.UniqueAddress);
        }

        void Resolve(Member gone)
        {
            if (_cluster.FailureDetector.IsAvailable(gone.Address))
            {
                Wait(gone); // Somebody else does not see it, but this node does.
                return;
            }
            var coordinators = _cluster.State.Members
                .Where(member => member.HasRole(NodeRoles.Coordinator) && member.Status is MemberStatus.Up or MemberStatus.Leaving)
                .OrderBy(member => member.Address, Member.AddressOrdering).ToList();
            var unseen = coordinators.Count(member => _unseen.Contains(member.UniqueAddress));
            var seesFirst = coordinators is [var first, ..] && !_unseen.Contains(first.UniqueAddress);
            if (SplitRule.GoesOn(coordinators.Count - unseen, unseen, seesFirst))
            {
                _log.Warning("{0} has been gone for too long: it is removed from the cluster", gone.Address);
                _cluster.Down(gone.Address);
            }
            else
            {
                _log.Warning("{0} of {1} coordinators are gone: this one leaves the field to them", unseen, coordinators.Count);
                _cluster.Down(_cluster.SelfAddress);
            }
        }
    }

    /// <summary>Timer to the remover.</summary>
    sealed record StillGone(Member Member) : INoSerializationVerificationNeeded;
}
