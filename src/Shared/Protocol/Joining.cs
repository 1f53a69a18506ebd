using System.Collections.Immutable;
using DistTrain.Learning;
using DistTrain.Training;

namespace DistTrain.Protocol;

/// <summary>Worker to coordinator, repeated until it is answered, and again when nothing was heard for a while: here I am.</summary>
/// <param name="Incarnation">Rises with every start of this worker; the same when a running worker says it again.</param>
/// <param name="ProtocolVersion"><see cref="Protocol.ProtocolVersion.Current"/> of the worker.</param>
/// <param name="ArithmeticHash">Of the worker's self-test: equal hashes compute equal bits.</param>
/// <param name="Threads">Compute threads, at least 1: its share of the shards.</param>
public sealed record WorkerJoining(
    WorkerId Worker, long Incarnation, int ProtocolVersion, string ArithmeticHash, int Threads) : IProtocolMessage
{
    /// <summary>Fingerprint of the dataset that it has been working on; null where any will do.</summary>
    public string? DatasetFingerprint { get; init; }

    /// <summary>Training shards that it holds already.</summary>
    public ShardSet Cached { get; init; } = ShardSet.Empty;

    /// <summary>Where blocks can be fetched from it, as http://host:port; null within a process.</summary>
    public string? BlockAddress { get; init; }
}

/// <summary>Coordinator to worker: you belong to the run; leases follow.</summary>
/// <param name="Targets">
/// How labels enter the loss: with the dataset, all that the sums of this run depend on beside what leases name.
/// </param>
public sealed record WorkerAdmitted(RunId Run, Term Term, WorkerId Worker, long Incarnation, Targets Targets) : IWorkerOrder
{
    /// <summary>Where the dataset is; null within a process, whose workers have it.</summary>
    public DatasetOffer? Dataset { get; init; }
}

/// <summary>A dataset on disk that workers are to use.</summary>
/// <param name="Fingerprint">Of its content: the run's.</param>
/// <param name="ManifestHash">SHA-256 of manifest.json, which has those of all other files.</param>
/// <param name="Path">Its folder, for those who share the coordinator's files.</param>
/// <param name="Sources">Where its files can be fetched by hash, as http://host:port.</param>
public sealed record DatasetOffer(string Fingerprint, string ManifestHash, string Path, ImmutableArray<string> Sources);

/// <summary>Coordinator to worker: you cannot take part, and asking again will not change that.</summary>
public sealed record WorkerRefused(RunId Run, Term Term, WorkerId Worker, string Reason) : IWorkerOrder;

/// <summary>Coordinator to worker: you are no longer counted on, your leases went to others; join again if you are well.</summary>
public sealed record WorkerDismissed(RunId Run, Term Term, WorkerId Worker, string Reason) : IWorkerOrder;

/// <summary>Worker to coordinator: I stop now; take my leases back at once.</summary>
public sealed record WorkerLeaving(WorkerId Worker, long Incarnation) : IProtocolMessage
{
    /// <summary>Why; null where it was told to stop.</summary>
    public string? Reason { get; init; }
}

/// <summary>Coordinator's side to every worker, each second: this reign goes on.</summary>
public sealed record TermAlive(RunId Run, Term Term) : IWorkerOrder;
