using Akka.Actor;
using Akka.Remote;
using DistTrain.Membership;
using DistTrain.Node.Hosting;

namespace DistTrain.Worker.Lives;

/// <summary>Notices that an actor system is of no use any more: its cluster has removed it, or others talk to it no longer.</summary>
static class SystemWatch
{
    /// <summary>Starts watching.</summary>
    public static void Start(ActorSystem system, IWorkerObserver observer)
    {
        system.ActorOf(ActorProps.Of(() => new QuarantineListener(observer)), "quarantine-listener");
        Akka.Cluster.Cluster.Get(system).RegisterOnMemberRemoved(() => observer.Happened(new SystemLost("its cluster has removed it")));
        system.WhenTerminated.ContinueWith(
            _ => observer.Happened(new SystemLost("it has ended")), CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>Hears when another node says that it listens to this one no longer.</summary>
    sealed class QuarantineListener : ReceiveActor
    {
        public QuarantineListener(IWorkerObserver observer) => Receive<ThisActorSystemQuarantinedEvent>(
            quarantined => observer.Happened(new SystemLost($"{quarantined.RemoteAddress} listens to it no longer")));

        protected override void PreStart() => Context.System.EventStream.Subscribe(Self, typeof(ThisActorSystemQuarantinedEvent));
    }
}
