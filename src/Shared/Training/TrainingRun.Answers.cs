using System.Collections.Immutable;
using System.Globalization;
using DistTrain.Data.Storage;
using DistTrain.Learning;
using DistTrain.Problems;
using DistTrain.Protocol;
using EffectList = System.Collections.Immutable.ImmutableArray<DistTrain.Training.TrainingEffect>.Builder;

namespace DistTrain.Training;

/// <content>What workers answer: accepted once, refused, or tried again elsewhere.</content>
public sealed partial record TrainingRun
{
    static readonly ImmutableDictionary<ShardId, int> NoAttempts = ImmutableDictionary<ShardId, int>.Empty;

    /// <summary>For each shard that failed in this evaluation, how often.</summary>
    ImmutableDictionary<ShardId, int> FailedAttempts { get; init; } = NoAttempts;

    TrainingRun Collect(ContributionComputed answer, TimeSpan at, EffectList effects)
    {
        if (Foreign(answer) is { } foreign) return Refuse(answer, foreign, effects);
        if (Workers.Find(answer.Worker) is not { } worker) return Dismiss(answer, effects);

        var run = Hear(worker);
        var contribution = answer.Contribution;
        if (run.IsLate(answer)) return run.Refuse(answer, "its evaluation is over", effects);
        if (run.Malformed(contribution) is { } fault) return run.Strike(worker, answer, fault, at, effects);
        if (!answer.Parts.IsEmpty) return run.CollectCombined(answer, at, effects);
        if (run.Ledger.Objection(contribution.Shards) is { } objection)
            return run.RefuseOverlap(answer, objection, at, effects);
        if (run.Audit.Open.Overlaps(contribution.Shards)) return run.CollectAudited(worker, answer, at, effects);
        if (contribution.Sums.NonFinite && _options.CanRecompute) return run.Doubt(worker, answer, at, effects);

        run = run.Answered(worker, at, run.Leases.Answered(worker.Id, contribution.Shards)) with
        {
            Ledger = run.Ledger.Accept(contribution, worker.Id),
        };
        return run.Ledger.IsComplete ? run.Complete(at, effects) : run.Hasten(worker.Id, effects);
    }

    /// <summary>A worker has answered something that may count: it is well, and the rest of what it owes has a new deadline.</summary>
    TrainingRun Answered(RosterWorker worker, TimeSpan at, Leases leases) => this with
    {
        LongestSilence = Max(LongestSilence, Leases.SilenceOf(worker.Id, at) ?? TimeSpan.Zero),
        Leases = leases.Renew(worker.Id, at, at + Patience(0)),
        Quarantine = Quarantine.Release(worker.Id),
        Drought = new Drought(at),
    };

    /// <summary>A worker gives back what it has not begun: whoever is free gets it.</summary>
    TrainingRun TakeBack(ShardsReturned answer, TimeSpan at, EffectList effects)
    {
        if (Foreign(answer) is not null) return this;
        if (Workers.Find(answer.Worker) is not { } worker) return Dismiss(answer, effects);
        var run = Hear(worker);
        if (run.IsLate(answer)) return run;
        return (run with { Leases = run.Leases.Returned(worker.Id, answer.Shards) })
            .LeaseOpen(worker.Id, LeaseMoveReason.GivenBack, at, effects);
    }

    /// <summary>A worker computes and says so: its deadline begins anew.</summary>
    TrainingRun Await(WorkGoesOn answer, TimeSpan at, EffectList effects)
    {
        if (Foreign(answer) is not null) return this;
        if (Workers.Find(answer.Worker) is not { } worker) return Dismiss(answer, effects);
        var run = Hear(worker);
        if (run.IsLate(answer)) return run;
        return (run with
        {
            LongestSilence = Max(run.LongestSilence, run.Leases.SilenceOf(worker.Id, at) ?? TimeSpan.Zero),
            Leases = run.Leases.Renew(worker.Id, at, at + run.Patience(0)),
        }).SetAnswerTimer(effects);
    }

    /// <summary>Why an answer does not belong to this reign or cannot be meant; null where it may.</summary>
    string? Foreign(IEvaluationAnswer answer) =>
        answer.Run != _options.Run ? $"it belongs to run {answer.Run}"
        : answer.Term != _options.Term ? $"it belongs to {answer.Term}, this is {_options.Term}"
        : answer.Evaluation.Number > Evaluation.Number ? $"there is no {answer.Evaluation} yet"
        : null;

    bool IsLate(IEvaluationAnswer answer) => Phase != RunPhase.Evaluating || answer.Evaluation != Evaluation;

    /// <summary>Why sums cannot be the answer to the question, whoever sends them; null where they can.</summary>
    string? Malformed(Contribution contribution)
    {
        var (shards, sums) = contribution;
        var unknown = shards.Except(Ledger.Expected);
        if (shards.IsEmpty) return "it names no shard";
        if (!unknown.IsEmpty) return $"it names {unknown}, of which the evaluation has none";
        if (sums.Kind != Question!.Request.Kind) return $"it holds {sums.Kind} sums, {Question.Request.Kind} sums were asked for";
        return sums.Shape == _options.Shape ? null : $"it holds sums of {TextOf(sums.Shape)}, the run has {TextOf(_options.Shape)}";
    }

    static string TextOf(ModelShape shape) => $"{shape.ClassCount} classes and {shape.FeatureCount} features";

    TrainingRun Hear(RosterWorker worker) => this with { Workers = Workers.Update(worker with { SilentDeadlines = 0 }) };

    TrainingRun Refuse(IEvaluationAnswer answer, string reason, EffectList effects)
    {
        effects.Add(new Notify(new ContributionRefusedNotice(answer.Evaluation.Number, answer.Worker.Name, reason)));
        return this;
    }

    /// <summary>
    /// Sums that overlap with accepted ones cannot be taken apart: the shards that they alone had are leased again at once. What the
    /// worker has been asked to answer shard by shard since then stands.
    /// </summary>
    TrainingRun RefuseOverlap(ContributionComputed answer, string objection, TimeSpan at, EffectList effects)
    {
        Refuse(answer, objection, effects);
        var run = this with { Leases = Leases.WithoutCombined(answer.Worker, answer.Contribution.Shards) };
        return run.LeaseOpen(answer.Worker, LeaseMoveReason.Failed, at, effects);
    }

    TrainingRun Retry(ComputeFailed answer, TimeSpan at, EffectList effects)
    {
        if (Foreign(answer) is { } foreign) return Refuse(answer, foreign, effects);
        if (Workers.Find(answer.Worker) is not { } worker) return Dismiss(answer, effects);
        var run = Hear(worker);
        return run.IsLate(answer) ? run : run.Retry(worker, answer, answer.Shards, answer.Error, at, effects, answer.Problem);
    }

    /// <summary>Shards failed on a worker: another one tries, until it is too often.</summary>
    TrainingRun Retry(
        RosterWorker worker, IEvaluationAnswer answer, ShardSet shards, string error, TimeSpan at, EffectList effects,
        Problem? problem = null)
    {
        Refuse(answer, error, effects);
        var failed = shards.Intersect(Leases.Of(worker.Id));
        var attempts = failed.Aggregate(FailedAttempts, (all, shard) => all.SetItem(shard, all.GetValueOrDefault(shard) + 1));
        foreach (var shard in failed)
        {
            if (attempts[shard] >= _options.ShardAttempts) return Stop(problem ?? ShardFails(shard, attempts[shard], error), at, effects);
        }
        var run = this with { FailedAttempts = attempts, Leases = Leases.WithoutShards(worker.Id, failed) };
        return run.LeaseOpen(worker.Id, LeaseMoveReason.Failed, at, effects);
    }

    static Problem ShardFails(ShardId shard, int attempts, string error) => new(
        "DT1101", ExitCode.OurMistake, $"{shard} could not be computed in {attempts} attempts: {error}",
        "expected: every worker computes every shard",
        "fix: report this with the lines above");

    Problem TrainerTooSlow() => new(
        "DT1102", ExitCode.OurMistake,
        string.Create(
            CultureInfo.InvariantCulture,
            $"the optimiser did not finish within {_options.TrainerTimeout.TotalSeconds:0.###} s after {Evaluation}"),
        "fix: report this with the lines above");
}
