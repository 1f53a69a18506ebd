using System.Collections.Immutable;
using DistTrain.Protocol;
using DistTrain.Protocol.Wire;

namespace DistTrain.Training;

/// <summary>
/// Which workers answer through which, when there are more than the coordinator is to hear directly: as many groups as it hears, each with one
/// worker that adds up for the others. Has no influence on the result: integers are added, in whatever groups.
/// </summary>
public static class CombiningPlan
{
    /// <summary>
    /// For each worker its share; none where there are no more than <paramref name="fanOut"/>. The order decides: when a worker is added at
    /// the end, or the last one takes the place of one that left, few shares change.
    /// </summary>
    /// <param name="fanOut">
    /// How many the coordinator hears, at least 1; it hears more where a group would be too large for one message.
    /// </param>
    public static ImmutableArray<CombiningShare> Of(IReadOnlyList<WorkerId> workers, int fanOut)
    {
        if (workers.Count <= fanOut) return [];
        var groupCount = Math.Max(fanOut, (workers.Count - 1) / WireRules.PartsMax + 1);
        return [.. workers.Select((worker, place) => new CombiningShare(
            worker, workers[place % groupCount], place < groupCount ? (workers.Count - place - 1) / groupCount + 1 : 0))];
    }
}

/// <summary>What one worker has to do with adding up.</summary>
/// <param name="Combiner">Through whom it answers; itself where it answers the coordinator.</param>
/// <param name="MemberCount">For how many it adds up, itself among them; 0 where another one does.</param>
public readonly record struct CombiningShare(WorkerId Worker, WorkerId Combiner, int MemberCount);
