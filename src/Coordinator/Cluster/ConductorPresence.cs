using Akka.Actor;
using DistTrain.Coordinator.Actors;
using DistTrain.Problems;
using DistTrain.Protocol;

namespace DistTrain.Coordinator.Cluster;

/// <summary>Whether this process conducts, and how its conductor is told to stop. Thread-safe.</summary>
public sealed class ConductorPresence(TrainingOutcome outcome)
{
    readonly Lock _lock = new();
    readonly TaskCompletionSource _workersMayGo = new(TaskCreationOptions.RunContinuationsAsynchronously);
    IActorRef? _conductor;
    Problem? _stopped;
    RunId? _ended;

    /// <summary>False where another candidate conducts, or none does yet.</summary>
    public bool IsHere
    {
        get { lock (_lock) return _conductor is not null; }
    }

    /// <summary>
    /// Has the run that this process conducts end with <paramref name="why"/> when its newest step is saved;
    /// <see cref="TrainingOutcome"/> tells when it has. Where it conducts none, its outcome is that at once, and it will conduct none.
    /// </summary>
    public void Stop(Problem why)
    {
        lock (_lock)
        {
            _stopped ??= why;
            if (_conductor is null) outcome.Fail(why);
            else _conductor.Tell(new StopTraining(why), ActorRefs.NoSender);
        }
    }

    /// <summary>
    /// Has workers told that the run has ended, as soon as it has. Until then they stay: were this process to die before the result is in its
    /// place, the next one would need them.
    /// </summary>
    public void LetWorkersGo() => _workersMayGo.TrySetResult();

    /// <summary>There is nothing to conduct here: <paramref name="run"/> is finished, and workers that ask are told so.</summary>
    public void End(RunId run)
    {
        lock (_lock) _ended = run;
    }

    /// <summary>The run that was found finished; null where none was.</summary>
    internal RunId? Ended
    {
        get { lock (_lock) return _ended; }
    }

    internal Task WorkersMayGo => _workersMayGo.Task;

    internal void Set(IActorRef conductor)
    {
        lock (_lock)
        {
            _conductor = conductor;
            if (_stopped is { } why) conductor.Tell(new StopTraining(why), ActorRefs.NoSender);
        }
    }

    internal void Clear(IActorRef conductor)
    {
        lock (_lock)
        {
            if (conductor.Equals(_conductor)) _conductor = null;
        }
    }
}
