using DistTrain.Protocol;
using EffectList = System.Collections.Immutable.ImmutableArray<DistTrain.Training.TrainingEffect>.Builder;

namespace DistTrain.Training;

/// <content>Answers that one worker has added up for several: accepted whole, as an answer of each of them, or refused whole.</content>
public sealed partial record TrainingRun
{
    TrainingRun CollectCombined(ContributionComputed answer, TimeSpan at, EffectList effects)
    {
        if (ObjectionToParts(answer) is { } objection) return RefuseCombined(answer, objection, at, effects);

        var run = answer.Parts.Aggregate(
            this, (run, part) => run.Answered(run.Workers[part.Worker], at, run.Leases.Answered(part.Worker, part.Shards)));
        run = run with { Ledger = run.Ledger.Accept(answer) };
        return run.Ledger.IsComplete
            ? run.Complete(at, effects)
            : answer.Parts.Aggregate(run, (run, part) => run.Hasten(part.Worker, effects));
    }

    /// <summary>Why an answer of several workers cannot be taken; null where it can.</summary>
    string? ObjectionToParts(ContributionComputed answer)
    {
        var (shards, sums) = answer.Contribution;
        if (Ledger.Objection(shards) is { } objection) return objection;
        var named = answer.Parts.Aggregate(ShardSet.Empty, (all, part) => all.Union(part.Shards));
        if (!named.Equals(shards) || answer.Parts.Sum(part => part.Shards.Count) != shards.Count) return "its parts are not its shards";
        if (answer.Parts.FirstOrDefault(part => Workers.Find(part.Worker) is null) is { } stranger)
            return $"{stranger.Worker}, whose sums are in it, takes no part in the run";
        if (Audit.Open.Overlaps(shards)) return "some of its shards are to be answered one by one";
        return sums.NonFinite && _options.CanRecompute ? "it is not finite, and whose sums are not is seen one by one alone" : null;
    }

    /// <summary>Who computed what of it no longer owes it, and all of it that nobody has is leased again, to be answered shard by shard.</summary>
    TrainingRun RefuseCombined(ContributionComputed answer, string objection, TimeSpan at, EffectList effects)
    {
        Refuse(answer, objection, effects);
        var leases = answer.Parts.Aggregate(Leases, (leases, part) => leases.WithoutCombined(part.Worker, part.Shards));
        return (this with { Leases = leases }).LeaseOpen(at, effects);
    }
}
