using System.Collections.Immutable;
using DistTrain.Protocol;

namespace DistTrain.Training;

/// <summary>
/// How long an evaluation has been without an answer that counts, and who has let deadlines pass meanwhile. Neither a word that a worker
/// computes nor its joining again ends it: where sums never arrive, both go on for ever.
/// </summary>
/// <param name="Since">When the last answer came that counts, or the evaluation began.</param>
public sealed record Drought(TimeSpan Since)
{
    /// <summary>Deadlines that a worker lets pass before nothing more is expected of it: twice those of an ordinary loss for silence.</summary>
    const int MissesMax = 8;

    ImmutableDictionary<WorkerId, int> Misses { get; init; } = ImmutableDictionary<WorkerId, int>.Empty;

    /// <summary>A worker has let a deadline pass; whether it leaves and comes back does not matter.</summary>
    public Drought Miss(WorkerId worker) => this with { Misses = Misses.SetItem(worker, Misses.GetValueOrDefault(worker) + 1) };

    /// <summary>
    /// Whether it has lasted <paramref name="timeout"/> and all of <paramref name="holders"/>, who owe an answer, have let too many deadlines
    /// pass: one that computes for long, and says so, is waited for.
    /// </summary>
    public bool IsHopeless(IEnumerable<WorkerId> holders, TimeSpan at, TimeSpan timeout) =>
        at - Since >= timeout && holders.All(worker => Misses.GetValueOrDefault(worker) >= MissesMax);
}
