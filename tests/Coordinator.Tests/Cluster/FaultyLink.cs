using Akka.Actor;
using DistTrain.Protocol;

namespace DistTrain.Coordinator.Tests.Cluster;

/// <summary>How often a link mistreats a message; the rest pass as they are.</summary>
/// <param name="Seed">Of all that is left to chance.</param>
/// <param name="Dropped">Share that never arrives.</param>
/// <param name="Twice">Share that arrives twice.</param>
/// <param name="Delayed">Share that arrives late, after others that were sent later.</param>
/// <param name="DelayMax">By how much at most.</param>
sealed record LinkFaults(int Seed, double Dropped, double Twice, double Delayed, TimeSpan DelayMax);

/// <summary>
/// Stands between the gate of a worker and that of the coordinator, each of which takes it for the other, and drops, doubles, delays and so
/// reorders what passes, both ways. Lives on the coordinator's node: what comes from elsewhere is the worker's.
/// </summary>
sealed class FaultyLink : ReceiveActor, IWithTimers
{
    readonly IActorRef _door;
    readonly LinkFaults _faults;
    readonly Random _chance;
    IActorRef _worker = ActorRefs.Nobody;
    IActorRef? _gate;
    long _delayedCount;

    public FaultyLink(IActorRef door, LinkFaults faults)
    {
        (_door, _faults, _chance) = (door, faults, new Random(faults.Seed));
        Receive<Late>(late => Pass(late.Message, late.IsFromWorker));
        Receive<IProtocolMessage>(Mistreat);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    void Mistreat(IProtocolMessage message)
    {
        var isFromWorker = Sender.Path.Address.Host is not null;
        if (isFromWorker) _worker = Sender;
        else _gate = Sender;

        var fate = _chance.NextDouble();
        if ((fate -= _faults.Dropped) < 0) return;
        if ((fate -= _faults.Delayed) < 0)
        {
            Timers.StartSingleTimer(_delayedCount++, new Late(message, isFromWorker), _faults.DelayMax * _chance.NextDouble());
            return;
        }
        Pass(message, isFromWorker);
        if (fate - _faults.Twice < 0) Pass(message, isFromWorker);
    }

    void Pass(IProtocolMessage message, bool isFromWorker)
    {
        if (isFromWorker) (_gate ?? _door).Tell(message, Self);
        else _worker.Tell(message, Self);
    }

    sealed record Late(IProtocolMessage Message, bool IsFromWorker) : INoSerializationVerificationNeeded;
}
