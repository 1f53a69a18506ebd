using System.Collections.Immutable;

namespace DistTrain.Membership;

/// <summary>How long a worker's process waits for whom.</summary>
/// <param name="Join">Where coordinators may be, as host:port; not empty.</param>
public sealed record WorkerLifeOptions(ImmutableArray<string> Join)
{
    /// <summary>Silence of a live term after which a fresh actor system is started; above 0, default 5 s.</summary>
    public TimeSpan SilenceMax { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Time without any coordinator after which the process ends; above 0, default 60 s.</summary>
    public TimeSpan JoinTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Waits for the next run when one is over, however long it takes; default off.</summary>
    public bool Stay { get; init; }

    /// <summary>Pause before a fresh actor system where the one before never reached a run; at least 0, default 1 s.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(1);
}
