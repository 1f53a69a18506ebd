using System.Collections.Immutable;
using DistTrain.Learning;
using DistTrain.Protocol;

namespace DistTrain.Training;

/// <summary>
/// The answers of several workers to one evaluation, added up: sums over all their shards, and who computed which of them. For one owner.
/// </summary>
/// <param name="first">Its sums become the owner's, and are added to.</param>
public sealed class CombinedAnswer(ContributionComputed first)
{
    readonly EvaluationSums _sums = first.Contribution.Sums;
    readonly Dictionary<WorkerId, ShardSet> _parts = new() { [first.Worker] = first.Contribution.Shards };

    public EvaluationId Evaluation => first.Evaluation;

    /// <summary>All shards that are in it.</summary>
    public ShardSet Shards { get; private set; } = first.Contribution.Shards;

    /// <summary>Adds an answer. False, and nothing added, where it is of something else or has shards that are in it already.</summary>
    public bool TryAdd(ContributionComputed answer)
    {
        var (shards, sums) = answer.Contribution;
        var isOfSame = (answer.Run, answer.Term, answer.Evaluation) == (first.Run, first.Term, first.Evaluation)
            && sums.Kind == _sums.Kind && sums.Shape == _sums.Shape;
        if (!isOfSame || shards.Overlaps(Shards)) return false;

        _sums.Add(sums);
        Shards = Shards.Union(shards);
        _parts[answer.Worker] = _parts.GetValueOrDefault(answer.Worker, ShardSet.Empty).Union(shards);
        return true;
    }

    /// <summary>All of it as one answer; nothing is added afterwards.</summary>
    /// <param name="combiner">Who sends it.</param>
    public ContributionComputed ToAnswer(WorkerId combiner) =>
        new(first.Run, first.Term, first.Evaluation, combiner, new Contribution(Shards, _sums))
        {
            Parts =
            [
                .. _parts.OrderBy(part => part.Key, WorkerId.Order).Select(part => new ContributionPart(part.Key, part.Value)),
            ],
        };
}
