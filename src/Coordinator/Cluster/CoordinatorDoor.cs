using Akka.Actor;
using DistTrain.Protocol;

namespace DistTrain.Coordinator.Cluster;

/// <summary>
/// Where workers of other processes knock, on every coordinator candidate: passes those who want to join to the one that conducts. Membership
/// of the worker is not waited for.
/// </summary>
sealed class CoordinatorDoor : ReceiveActor
{
    /// <param name="conductor">Finds the one that conducts, wherever it is.</param>
    public CoordinatorDoor(IActorRef conductor) => Receive<WorkerJoining>(conductor.Forward);
}
