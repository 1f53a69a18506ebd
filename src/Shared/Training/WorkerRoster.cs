using System.Collections.Immutable;
using DistTrain.Protocol;

namespace DistTrain.Training;

/// <summary>The admitted workers, in the order of their names.</summary>
public sealed record WorkerRoster
{
    public static WorkerRoster Empty { get; } = new();

    ImmutableSortedDictionary<WorkerId, RosterWorker> Workers { get; init; } =
        ImmutableSortedDictionary.Create<WorkerId, RosterWorker>(WorkerId.Order);

    /// <summary>Rises when a worker comes or goes.</summary>
    public long Version { get; private init; }

    public IEnumerable<RosterWorker> All => Workers.Values;

    public int Count => Workers.Count;

    public bool IsEmpty => Workers.IsEmpty;

    /// <summary>Compute threads of all workers.</summary>
    public int ThreadCount { get; private init; }

    public RosterWorker this[WorkerId worker] => Workers[worker];

    public RosterWorker? Find(WorkerId worker) => Workers.GetValueOrDefault(worker);

    public WorkerRoster Add(RosterWorker worker) => Changed(Workers.Add(worker.Id, worker), worker.Threads);

    public WorkerRoster Remove(WorkerId worker) =>
        Find(worker) is { } known ? Changed(Workers.Remove(worker), -known.Threads) : Changed(Workers, 0);

    /// <summary>The same worker with news about it.</summary>
    public WorkerRoster Update(RosterWorker worker) =>
        Workers[worker.Id] == worker ? this : this with
        {
            Workers = Workers.SetItem(worker.Id, worker),
            ThreadCount = ThreadCount - Workers[worker.Id].Threads + worker.Threads,
        };

    WorkerRoster Changed(ImmutableSortedDictionary<WorkerId, RosterWorker> workers, int threads) =>
        new() { Workers = workers, Version = Version + 1, ThreadCount = ThreadCount + threads };
}

/// <summary>An admitted worker.</summary>
/// <param name="Threads">Compute threads, at least 1.</param>
/// <param name="Version">Of the parameters last sent to it; null: none.</param>
/// <param name="SilentDeadlines">Deadlines that passed since it was last heard.</param>
public sealed record RosterWorker(WorkerId Id, long Incarnation, int Threads, long? Version = null, int SilentDeadlines = 0)
{
    /// <summary>Training shards that it held when it joined: leases are such as it has not to fetch, where that is fair.</summary>
    public ShardSet Cached { get; init; } = ShardSet.Empty;
}
