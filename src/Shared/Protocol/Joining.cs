using DistTrain.Learning;

namespace DistTrain.Protocol;

/// <summary>Worker to coordinator, repeated until it is answered, and again when nothing was heard for a while: here I am.</summary>
/// <param name="Incarnation">Rises with every start of this worker; the same when a running worker says it again.</param>
/// <param name="ProtocolVersion"><see cref="Protocol.ProtocolVersion.Current"/> of the worker.</param>
/// <param name="ArithmeticHash">Of the worker's self-test: equal hashes compute equal bits.</param>
/// <param name="Threads">Compute threads, at least 1: its share of the shards.</param>
public sealed record WorkerJoining(
    WorkerId Worker, long Incarnation, int ProtocolVersion, string ArithmeticHash, int Threads) : IProtocolMessage;

/// <summary>Coordinator to worker: you belong to the run; leases follow.</summary>
/// <param name="Targets">
/// How labels enter the loss: with the dataset, all that the sums of this run depend on beside what leases name.
/// </param>
public sealed record WorkerAdmitted(RunId Run, Term Term, WorkerId Worker, long Incarnation, Targets Targets) : IWorkerOrder;

/// <summary>Coordinator to worker: you cannot take part, and asking again will not change that.</summary>
public sealed record WorkerRefused(RunId Run, Term Term, WorkerId Worker, string Reason) : IWorkerOrder;

/// <summary>Coordinator to worker: you are no longer counted on, your leases went to others; join again if you are well.</summary>
public sealed record WorkerDismissed(RunId Run, Term Term, WorkerId Worker, string Reason) : IWorkerOrder;

/// <summary>Worker to coordinator: I stop now; take my leases back at once.</summary>
public sealed record WorkerLeaving(WorkerId Worker, long Incarnation) : IProtocolMessage;
