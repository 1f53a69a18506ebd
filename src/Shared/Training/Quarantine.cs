using System.Collections.Immutable;
using DistTrain.Protocol;

namespace DistTrain.Training;

/// <summary>
/// Workers that were lost for their silence. One that is alive joins again at once; if its answers still do not come, every evaluation
/// would wait a deadline for it. So it is let in again only after a while, which doubles from loss to loss until it answers.
/// </summary>
public sealed record Quarantine
{
    static readonly TimeSpan First = TimeSpan.FromSeconds(2);
    static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    public static Quarantine Empty { get; } = new();

    ImmutableDictionary<WorkerId, Stay> Stays { get; init; } = ImmutableDictionary<WorkerId, Stay>.Empty;

    /// <summary>The worker was lost at <paramref name="at"/>.</summary>
    public Quarantine Add(RosterWorker worker, TimeSpan at)
    {
        var before = Stays.GetValueOrDefault(worker.Id);
        var length = before is null || before.Incarnation != worker.Incarnation ? First : before.Length * 2;
        if (length > Longest) length = Longest;
        return new Quarantine { Stays = Stays.SetItem(worker.Id, new Stay(worker.Incarnation, length, at + length)) };
    }

    /// <summary>Whether this worker is kept out at <paramref name="at"/>; one that has started again is not.</summary>
    public bool Holds(WorkerJoining joining, TimeSpan at) =>
        Stays.TryGetValue(joining.Worker, out var stay) && stay.Incarnation == joining.Incarnation && at < stay.Until;

    /// <summary>The worker has answered: its past is forgotten.</summary>
    public Quarantine Release(WorkerId worker) => Stays.ContainsKey(worker) ? new Quarantine { Stays = Stays.Remove(worker) } : this;

    sealed record Stay(long Incarnation, TimeSpan Length, TimeSpan Until);
}
