using System.Collections.Immutable;
using System.Globalization;
using DistTrain.Data.Storage;
using DistTrain.Problems;
using DistTrain.Protocol;
using EffectList = System.Collections.Immutable.ImmutableArray<DistTrain.Training.TrainingEffect>.Builder;

namespace DistTrain.Training;

/// <content>Who computes what: leases, their deadlines, and what follows when one passes.</content>
public sealed partial record TrainingRun
{
    /// <summary>A deadline is doubled for each one passed in the same evaluation, up to so many times.</summary>
    const int DoublingsMax = 6;

    /// <summary>By how much patience is greater where it rests on one worker alone.</summary>
    const int FirstPatienceMultiple = 2;

    Leases Leases { get; init; } = Leases.None;

    Pace Pace { get; init; } = Pace.Unknown;

    /// <summary>The longest silence before an accepted answer of this evaluation: what the next deadlines are made of.</summary>
    TimeSpan LongestSilence { get; init; }

    /// <summary>
    /// What takes the place of the first deadline in this evaluation since a worker has shown how long its part takes; null before.
    /// </summary>
    TimeSpan? FirstPatience { get; init; }

    /// <summary>The time of this evaluation since an answer last counted.</summary>
    Drought Drought { get; init; } = new(TimeSpan.Zero);

    /// <summary>For each part, the division of its shards that was last used.</summary>
    ImmutableDictionary<DatasetPart, LeasePlan> Plans { get; init; } = ImmutableDictionary<DatasetPart, LeasePlan>.Empty;

    DatasetPart Part => Question!.Request.Part;

    /// <summary>
    /// Leases all shards of a new evaluation. Those of the part are divided when the workers change: batches, which are about few of them,
    /// find each shard where it is at home.
    /// </summary>
    TrainingRun LeaseAll(TimeSpan at, EffectList effects)
    {
        if (Workers.IsEmpty) return this;
        var plan = Plans.GetValueOrDefault(Part, LeasePlan.Empty);
        if (plan.RosterVersion != Workers.Version)
        {
            var all = ShardSet.UpTo(_options.RowsOf(Part).Length);
            plan = new LeasePlan(Workers.Version, LeasePlan.Divide(all, _options.RowsOf(Part), [.. Workers.All], Homes));
        }

        var run = this with { Plans = Plans.SetItem(Part, plan) };
        foreach (var (worker, home) in plan.Shares)
        {
            var shards = home.Intersect(Ledger.Expected);
            var (once, twice) = (shards.Except(Audit.Shards), shards.Intersect(Audit.Shards));
            if (!once.IsEmpty) run = run.Grant(worker, once, uncombined: false, at, effects);
            if (!twice.IsEmpty) run = run.Grant(worker, twice, uncombined: true, at, effects);
        }
        return run.LeaseAudited(null, at, effects).SetAnswerTimer(effects);
    }

    /// <summary>Leases the shards that nobody has, and whose worker is gone or no longer owes them.</summary>
    TrainingRun LeaseOpen(TimeSpan at, EffectList effects) => LeaseOpen(null, LeaseMoveReason.Failed, at, effects);

    /// <summary>The same where <paramref name="from"/> had them, who is to get them only if there is nobody else.</summary>
    TrainingRun LeaseOpen(WorkerId? from, LeaseMoveReason why, TimeSpan at, EffectList effects)
    {
        if (Phase != RunPhase.Evaluating) return this;
        var run = SettleReferred(at, effects);
        return run.Ledger.IsComplete ? run.Complete(at, effects)
            : run.Workers.IsEmpty ? run
            : run.LeaseMissing(from, why, at, effects);
    }

    TrainingRun LeaseMissing(WorkerId? from, LeaseMoveReason why, TimeSpan at, EffectList effects)
    {
        var open = Ledger.Missing.Except(Audit.Shards).Except(Leases.Outstanding);
        return (open.IsEmpty ? this : Move(open, from, why, at, effects)).LeaseAudited(from, at, effects).SetAnswerTimer(effects);
    }

    /// <summary>Leases <paramref name="shards"/> to those best able to take them.</summary>
    TrainingRun Move(ShardSet shards, WorkerId? from, LeaseMoveReason why, TimeSpan at, EffectList effects)
    {
        var run = this;
        foreach (var share in LeasePlan.Divide(shards, _options.RowsOf(Part), Takers(from), Homes, Leases))
        {
            var again = share.Shards.Intersect(run.Leases.EverLeased);
            if (!again.IsEmpty) run = run.Grant(share.Worker, again, uncombined: true, at, effects);
            var fresh = share.Shards.Except(again);
            if (!fresh.IsEmpty) run = run.Grant(share.Worker, fresh, uncombined: false, at, effects);
            if (from is { } loser)
                effects.Add(new Notify(new LeaseMovedNotice(Evaluation.Number, loser.Name, share.Worker.Name, share.Shards.Count, why)));
        }
        return run;
    }

    /// <summary>Workers that are in time, else <paramref name="from"/> itself, else all; at least one.</summary>
    RosterWorker[] Takers(WorkerId? from)
    {
        RosterWorker[] inTime = [.. Workers.All.Where(worker => worker.Id != from && !Leases.IsOverdue(worker.Id))];
        if (inTime.Length > 0) return inTime;
        return from is { } last && Workers.Find(last) is { } self ? [self] : [.. Workers.All];
    }

    /// <summary>Where shards are at home: the division last used, and what newcomers hold already.</summary>
    LeasePlan Homes
    {
        get
        {
            var plan = Plans.GetValueOrDefault(Part, LeasePlan.Empty);
            return Part == DatasetPart.Training ? plan.WithHomesOf(Workers.All) : plan;
        }
    }

    /// <summary>Has others give back what they have not begun, where a worker has come that nothing was left for.</summary>
    TrainingRun RecallFor(WorkerId newcomer, EffectList effects)
    {
        if (Phase != RunPhase.Evaluating || !Leases.IsIdle(newcomer)) return this;
        foreach (var (worker, shards) in LeaseRecall.Plan(Leases, Workers, _options.RowsOf(Part)))
            effects.Add(Tell(worker, new ShardsRecalled(_options.Run, _options.Term, Evaluation, shards)));
        return this;
    }

    TrainingRun Grant(WorkerId to, ShardSet shards, bool uncombined, TimeSpan at, EffectList effects) =>
        Ask(to, shards, uncombined, effects) with
        {
            Leases = Leases.Grant(to, shards, uncombined, at, at + Patience(Leases.MissesOf(to))),
        };

    /// <summary>Tells a worker to compute shards, and the parameters where it lacks them.</summary>
    TrainingRun Ask(WorkerId to, ShardSet shards, bool uncombined, EffectList effects)
    {
        var (request, parameters, version) = Question!;
        var worker = Workers[to];
        if (worker.Version != version)
            effects.Add(Tell(to, new ParametersPublished(_options.Run, _options.Term, version, parameters)));
        effects.Add(Tell(to, new ComputeShards(_options.Run, _options.Term, Evaluation, version, request, shards, uncombined)));
        return this with { Workers = Workers.Update(worker with { Version = version }) };
    }

    TimeSpan Patience(int misses) => LeaseDuration * (1 << Math.Min(misses, DoublingsMax));

    TimeSpan LeaseDuration =>
        Pace.Expected(Question!.Request, Workers.ThreadCount) is { } expected
            ? Max(_options.LeaseMin, expected * _options.LeaseMultiple)
            : Max(_options.LeaseMin, FirstPatience ?? _options.LeaseFirst);

    /// <summary>
    /// While no evaluation of the kind has been timed, the first worker that is through shows how long it takes: nobody is then waited
    /// for many times as long.
    /// </summary>
    TrainingRun Hasten(WorkerId through, EffectList effects)
    {
        if (FirstPatience is not null || !Leases.IsIdle(through) || Pace.Expected(Question!.Request, Workers.ThreadCount) is not null)
            return this;
        var patience = Max(_options.LeaseMin, LongestSilence * _options.LeaseMultiple) * FirstPatienceMultiple;
        if (patience >= _options.LeaseFirst) return this;
        return (this with { FirstPatience = patience, Leases = Leases.Hasten(patience) }).SetAnswerTimer(effects);
    }

    TrainingRun SetAnswerTimer(EffectList effects)
    {
        if (Min(Leases.FirstDeadline, RecomputeDeadline) is { } deadline) effects.Add(new SetTimer(TrainingTimer.Answer, deadline));
        return this;
    }

    TrainingRun GiveUpWaiting(TimeSpan at, EffectList effects)
    {
        if (Phase == RunPhase.Advancing) return at < TrainerDeadline ? this : Fail(TrainerTooSlow(), effects);
        if (Phase != RunPhase.Evaluating) return this;
        if (RecomputeDeadline <= at) return Stop(RecomputingTooSlow(), at, effects);

        WorkerId[] late = [.. Leases.Held.Where(held => held.Value.Deadline <= at).Select(held => held.Key)];
        var drought = late.Aggregate(Drought, (drought, worker) => drought.Miss(worker));
        if (late.Length > 0 && drought.IsHopeless(Leases.Held.Keys, at, _options.AnswerTimeout)) return Stop(NoAnswers(at), at, effects);

        var run = late.Aggregate(
            this with { Drought = drought }, (run, worker) => run.CountSilence(run.Workers[worker], at, effects));
        run = late.Aggregate(run, (run, worker) => run.AskOthers(worker, at, effects));
        return run.LeaseOpen(at, effects);
    }

    /// <summary>A worker has let a deadline pass: it is late, or, after too long a silence, lost.</summary>
    TrainingRun CountSilence(RosterWorker worker, TimeSpan at, EffectList effects)
    {
        worker = worker with { SilentDeadlines = worker.SilentDeadlines + 1 };
        if (worker.SilentDeadlines < _options.SilentDeadlines)
        {
            var next = at + Patience(Leases.MissesOf(worker.Id) + 1);
            return this with { Workers = Workers.Update(worker), Leases = Leases.MarkOverdue(worker.Id, next) };
        }

        var reason = $"it was silent for {worker.SilentDeadlines} deadlines";
        return Expel(worker, reason, at, effects);
    }

    /// <summary>Leases to others what a late worker has alone; its own answer is still taken if it comes first.</summary>
    TrainingRun AskOthers(WorkerId late, TimeSpan at, EffectList effects)
    {
        var waiting = Leases.OnlyWith(late).Except(Audit.Shards);
        return waiting.IsEmpty ? this : Move(waiting, late, LeaseMoveReason.Late, at, effects);
    }

    Problem NoAnswers(TimeSpan at) => new(
        "DT5005", ExitCode.Cluster,
        string.Create(
            CultureInfo.InvariantCulture,
            $"no sums of {Evaluation} have arrived for {(at - Drought.Since).TotalSeconds:0} s, though workers take part, such as {string.Join(", ", Leases.Held.Keys.Take(8))}"),
        "expected: the coordinator can fetch what workers have computed from their HTTP ports",
        "fix: let the coordinator reach the HTTP port of every worker (--http-port, --host); its log says what was lost");

    static TimeSpan? Min(TimeSpan? a, TimeSpan? b) => a is null || b < a ? b : a;

    static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
