using DistTrain.Problems;
using DistTrain.Protocol;

namespace DistTrain.Membership;

/// <summary>What happens to a worker's process and decides whether it goes on, begins anew or ends; told in the order it happens.</summary>
public abstract record WorkerEvent;

/// <summary>Something came from a coordinator's side, if only the word that its reign goes on.</summary>
public sealed record CoordinatorHeard : WorkerEvent
{
    public static CoordinatorHeard Instance { get; } = new();
}

/// <summary>It belongs to a run now.</summary>
public sealed record WorkerBelongs(RunId Run, Term Term) : WorkerEvent;

/// <summary>It does no longer, and asks again by itself.</summary>
public sealed record WorkerSentAway(string Reason) : WorkerEvent;

/// <summary>It cannot take part, and asking again would not change that.</summary>
public sealed record WorkerTurnedDown(string Reason) : WorkerEvent;

/// <summary>The dataset of the run is open.</summary>
public sealed record DatasetOpened(string Fingerprint, TimeSpan Elapsed) : WorkerEvent;

/// <summary>It could not be opened now; the worker tries again by itself.</summary>
public sealed record DatasetDelayed(string Reason) : WorkerEvent;

/// <summary>It cannot be opened, whoever tries again.</summary>
public sealed record DatasetFailed(Problem Problem) : WorkerEvent;

/// <summary>The run has its result, or has failed.</summary>
public sealed record RunOver(RunId Run) : WorkerEvent;

/// <summary>The actor system is of no use any more: downed, quarantined, or ended.</summary>
public sealed record SystemLost(string Reason) : WorkerEvent;

/// <summary>For whoever reads of it: the actor system is given up, and a fresh one starts.</summary>
public sealed record SystemGivenUp(string Reason) : WorkerEvent;

/// <summary>Nothing happened but time.</summary>
public sealed record TimePassed : WorkerEvent
{
    public static TimePassed Instance { get; } = new();
}
