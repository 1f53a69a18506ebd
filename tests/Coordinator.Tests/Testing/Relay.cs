using Akka.Actor;
using DistTrain.Protocol;

namespace DistTrain.Coordinator.Tests.Testing;

/// <summary>How a relay treats the contributions that pass through it.</summary>
public enum Fault
{
    /// <summary>They come long after they were sent.</summary>
    Late,

    /// <summary>They come twice.</summary>
    Twice,

    /// <summary>They never come.</summary>
    Never,
}

/// <summary>Stands between a real worker and the coordinator, each of which takes it for the other, and mistreats contributions.</summary>
public sealed class Relay : ReceiveActor, IWithTimers
{
    IActorRef? _worker;

    public Relay(IActorRef coordinator, Fault fault, TimeSpan delay)
    {
        Receive<IWorkerOrder>(order => _worker.Tell(order));
        Receive<ContributionComputed>(answer =>
        {
            if (fault == Fault.Late) Timers.StartSingleTimer(answer, new Overdue(answer), delay);
            if (fault == Fault.Twice) coordinator.Tell(answer);
            if (fault == Fault.Twice) coordinator.Tell(answer);
        });
        Receive<Overdue>(overdue => coordinator.Tell(overdue.Answer));
        ReceiveAny(message =>
        {
            _worker = Sender;
            coordinator.Tell(message);
        });
    }

    public ITimerScheduler Timers { get; set; } = null!;

    sealed record Overdue(ContributionComputed Answer) : INoSerializationVerificationNeeded;
}
