namespace DistTrain.Node.Cluster;

/// <summary>
/// How patient the nodes of a cluster are with each other. Membership is slow on purpose: leases move by their own deadlines, and workers
/// by the silence of a term, long before anybody is removed.
/// </summary>
public sealed record ClusterTimings
{
    /// <summary>Between two heartbeats of neighbours; default 1 s.</summary>
    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Silence that is no sign of trouble; default 5 s.</summary>
    public TimeSpan HeartbeatPause { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a member must be gone, after that, before it is removed; default 5 s.</summary>
    public TimeSpan StableAfter { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The same for a worker; default 500 ms. It has begun anew before anybody misses it, and what it has left holds up every other change.
    /// </summary>
    public TimeSpan WorkerStableAfter { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Wait between a coordinator's removal and its successor's start; default 1 s.</summary>
    public TimeSpan RemovalMargin { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Between two rounds of gossip, and of the leader's decisions; default 300 ms.</summary>
    public TimeSpan GossipInterval { get; init; } = TimeSpan.FromMilliseconds(300);

    /// <summary>How long the first candidate looks for a cluster before it forms one; default 2 s.</summary>
    public TimeSpan SeedTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Between two signs of life of a term to each worker; default 1 s.</summary>
    public TimeSpan TermBeat { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Silence of a term after which a worker begins anew; default 5 s.</summary>
    public TimeSpan TermSilence { get; init; } = TimeSpan.FromSeconds(5);
}
