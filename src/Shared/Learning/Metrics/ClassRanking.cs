using System.Collections.Immutable;
using DistTrain.Data.Storage;

namespace DistTrain.Learning.Metrics;

/// <summary>
/// The one-vs-rest areas under the ROC curve of a model's classes, a group of classes per evaluation, so that the sums of one stay small.
/// </summary>
public sealed record ClassRanking
{
    readonly int _classCount;

    ClassRanking(int classCount) => _classCount = classCount;

    /// <summary>The areas so far, class by class; null where a class has no rows, or the others have none.</summary>
    public ImmutableArray<double?> Areas { get; private init; } = [];

    public bool IsComplete => Areas.Length == _classCount;

    /// <summary>
    /// Before the first evaluation; null for more than <see cref="RankingSums.ClassesMax"/> classes, which are not ranked.
    /// </summary>
    public static ClassRanking? Of(ModelShape shape) => shape.ClassCount <= RankingSums.ClassesMax ? new(shape.ClassCount) : null;

    /// <summary>What to evaluate for the next group.</summary>
    public EvaluationRequest Request(DatasetPart part, double inverseTemperature = 1) => new(EvaluationKind.Ranking, part)
    {
        FirstRankedClass = Areas.Length,
        InverseTemperature = inverseTemperature,
    };

    /// <summary>The areas with those of one group more, from its complete sums; null where probabilities are not numbers.</summary>
    public ClassRanking? Tell(EvaluationSums sums)
    {
        if (sums.NonFinite) return null;
        var ranking = sums.Ranking!;
        var count = Math.Min(ranking.GroupCount, _classCount - Areas.Length);
        return this with
        {
            Areas = Areas.AddRange(Enumerable.Range(0, count).Select(i => RocAuc.Of(ranking.Own(i), ranking.Others(i)))),
        };
    }
}
