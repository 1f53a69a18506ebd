using System.Collections.Immutable;
using System.Globalization;
using DistTrain.Data.Storage;
using DistTrain.Problems;
using DistTrain.Protocol;
using EffectList = System.Collections.Immutable.ImmutableArray<DistTrain.Training.TrainingEffect>.Builder;

namespace DistTrain.Training;

/// <content>
/// Computing twice: a share of all shards, and whatever is not finite. Who said something wrong is named and takes no part any more.
/// </content>
public sealed partial record TrainingRun
{
    Audit Audit { get; init; } = Audit.None;

    /// <summary>Shards that the coordinator itself computes.</summary>
    ShardSet Recomputing { get; init; } = ShardSet.Empty;

    /// <summary>When the next of them is due; null where there is none.</summary>
    TimeSpan? RecomputeDeadline { get; init; }

    /// <summary>For each worker, the step that the run was at when it joined for the first time.</summary>
    ImmutableDictionary<WorkerId, int> FirstSteps { get; init; } = ImmutableDictionary<WorkerId, int>.Empty;

    /// <summary>Workers that take no part any more, and why.</summary>
    ImmutableDictionary<WorkerId, string> Banned { get; init; } = ImmutableDictionary<WorkerId, string>.Empty;

    /// <summary>For each worker, how many of its answers could not be meant.</summary>
    ImmutableDictionary<WorkerId, int> Strikes { get; init; } = ImmutableDictionary<WorkerId, int>.Empty;

    int Step => Checkpoints.Boundary?.Step ?? _options.FirstStep;

    /// <summary>Sums of a shard that is computed twice.</summary>
    TrainingRun CollectAudited(RosterWorker worker, ContributionComputed answer, TimeSpan at, EffectList effects)
    {
        var (shards, sums) = answer.Contribution;
        if (shards.Count > 1) return RefuseOverlap(answer, $"it combines {shards}, which are to be answered one by one", at, effects);
        var shard = shards.First();
        if (Audit.HasAnswerOf(worker.Id, shard)) return Refuse(answer, $"{shards} already answered", effects);

        var run = Answered(worker, at, Leases.WithoutShards(worker.Id, shards));
        return (run with { Audit = run.Audit.Add(shard, worker.Id, sums) }).Judge(shard, at, effects);
    }

    /// <summary>The coordinator has computed a shard itself.</summary>
    TrainingRun Collect(ShardRecomputed recomputed, EffectList effects)
    {
        var shards = ShardSet.Of(recomputed.Shard);
        if (Phase != RunPhase.Evaluating || recomputed.Evaluation != Evaluation || !Recomputing.Overlaps(shards)) return this;
        var left = Recomputing.Except(shards);
        var run = this with { Recomputing = left, RecomputeDeadline = left.IsEmpty ? null : recomputed.At + _options.TrainerTimeout };
        if (!Audit.Open.Overlaps(shards)) return run;
        return (run with { Audit = Audit.Add(recomputed.Shard, null, recomputed.Sums) }).Judge(recomputed.Shard, recomputed.At, effects);
    }

    /// <summary>Sums that are not finite may be right, or come from a machine that is not: two have to say so.</summary>
    TrainingRun Doubt(RosterWorker worker, ContributionComputed answer, TimeSpan at, EffectList effects)
    {
        var shards = answer.Contribution.Shards;
        Refuse(answer, $"its sums over {shards} are not finite, which has to be confirmed", effects);
        var run = this with { Audit = Audit.With(shards), Leases = Leases.WithoutShards(worker.Id, shards) };
        return run.LeaseOpen(at, effects);
    }

    /// <summary>Looks whether a shard that is computed twice can be settled, and goes on from there.</summary>
    TrainingRun Judge(ShardId shard, TimeSpan at, EffectList effects)
    {
        var run = Settle(shard, at, effects);
        if (run.Ledger.IsComplete) return run.Complete(at, effects);
        var isDisputed = run.Audit.AnswerCount(shard) > 1;
        return isDisputed || run.Banned != Banned ? run.LeaseOpen(at, effects) : run;
    }

    TrainingRun Settle(ShardId shard, TimeSpan at, EffectList effects)
    {
        if (Audit.VerdictOn(shard, Leases.InTimeWith(shard).Any()) is not { } verdict) return this;
        var shards = ShardSet.Of(shard);
        var run = this with
        {
            Ledger = Ledger.Accept(new Contribution(shards, verdict.Truth.Sums), verdict.Truth.Worker, isVerified: true),
            Audit = Audit.Close(shard),
            Leases = Leases.Answered(shards),
        };
        return verdict.Faulty.Aggregate(run, (run, worker) => run.Convict(worker, shard, at, effects));
    }

    /// <summary>
    /// A worker has computed something wrong. What it said in this evaluation and nobody has confirmed is computed again; what it said
    /// before went into steps that nobody can vouch for.
    /// </summary>
    TrainingRun Convict(WorkerId worker, ShardId shard, TimeSpan at, EffectList effects)
    {
        if (Banned.ContainsKey(worker)) return this;
        var first = FirstSteps.GetValueOrDefault(worker, _options.FirstStep) + 1;
        UnverifiedSteps? unverified = _options.Audit >= 1 || first > Step ? null : new UnverifiedSteps(first, Step);
        effects.Add(new Notify(new WorkerFaultyNotice(worker.Name, Evaluation.Number, shard.Index, unverified)));
        var run = this with { Ledger = Ledger.Without(worker), Audit = Audit.Without(worker) };
        return run.Ban(worker, $"its sums of shard {shard.Index} in {Evaluation} were wrong", at, effects);
    }

    /// <summary>
    /// An answer that cannot be meant, whatever happened to messages: its shards are tried elsewhere, and the third is the last.
    /// </summary>
    TrainingRun Strike(RosterWorker worker, ContributionComputed answer, string fault, TimeSpan at, EffectList effects)
    {
        const int StrikesMax = 3;
        var strikes = Strikes.GetValueOrDefault(worker.Id) + 1;
        var run = this with { Strikes = Strikes.SetItem(worker.Id, strikes) };
        if (strikes < StrikesMax) return run.Retry(worker, answer, answer.Contribution.Shards, fault, at, effects);

        Refuse(answer, fault, effects);
        return run.Ban(worker.Id, $"{strikes} answers of it could not be meant; of the last, {fault}", at, effects).LeaseOpen(at, effects);
    }

    /// <summary>Removes a worker for good.</summary>
    TrainingRun Ban(WorkerId worker, string reason, TimeSpan at, EffectList effects)
    {
        var run = this with { Banned = Banned.SetItem(worker, reason) };
        if (Workers.Find(worker) is not { } known) return run;
        effects.Add(Tell(worker, new WorkerRefused(_options.Run, _options.Term, worker, reason)));
        return run.Remove(known, reason, at, effects);
    }

    /// <summary>Has every shard that is computed twice on its way to as many answers as it takes.</summary>
    /// <param name="from">Who has just failed, and is asked only in a later round.</param>
    TrainingRun LeaseAudited(WorkerId? from, TimeSpan at, EffectList effects)
    {
        if (Audit.Open.IsEmpty) return this;
        var plan = AuditPlan.Of(Audit, Leases, Recomputing, [.. Workers.All.Where(worker => worker.Id != from)], _options.RowsOf(Part));
        var run = plan.Shares.Aggregate(this, (run, share) => run.Grant(share.Worker, share.Shards, uncombined: true, at, effects));
        return plan.Referred.IsEmpty ? run : run.Refer(plan.Referred, at, effects);
    }

    /// <summary>Has the coordinator itself compute shards.</summary>
    TrainingRun Refer(ShardSet shards, TimeSpan at, EffectList effects)
    {
        effects.Add(new RecomputeShards(Evaluation, Question!, shards));
        return this with
        {
            Recomputing = Recomputing.Union(shards),
            RecomputeDeadline = RecomputeDeadline ?? at + _options.TrainerTimeout,
        };
    }

    /// <summary>Where nobody in time is left to be compared with, the coordinator's answer stands alone.</summary>
    TrainingRun SettleReferred(TimeSpan at, EffectList effects) =>
        Audit.Referred.Aggregate(this, (run, shard) => run.Settle(shard, at, effects));

    Problem RecomputingTooSlow() => new(
        "DT1103", ExitCode.OurMistake,
        string.Create(
            CultureInfo.InvariantCulture,
            $"as {Evaluation} needed, the coordinator was to compute {Recomputing}: it did not within {_options.TrainerTimeout.TotalSeconds:0.###} s"),
        "fix: report this with the lines above");
}
