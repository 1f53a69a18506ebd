using DistTrain.Problems;

namespace DistTrain.Membership;

/// <summary>What a worker's process does next.</summary>
public abstract record WorkerVerdict;

/// <summary>Nothing: it goes on.</summary>
public sealed record GoOn : WorkerVerdict
{
    public static GoOn Instance { get; } = new();
}

/// <summary>Gives up its actor system and starts a fresh one, in the same process.</summary>
/// <param name="Wait">Between the end of the one and the start of the other, so that what fails at once is not tried without a pause.</param>
public sealed record StartAnew(string Reason, TimeSpan Wait) : WorkerVerdict;

/// <summary>Ends.</summary>
/// <param name="Problem">With what; null where the run is over, as it should be.</param>
public sealed record EndProcess(Problem? Problem) : WorkerVerdict;
