using System.Collections.Immutable;
using System.Globalization;
using DistTrain.Problems;
using DistTrain.Protocol;
using EffectList = System.Collections.Immutable.ImmutableArray<DistTrain.Training.TrainingEffect>.Builder;

namespace DistTrain.Training;

/// <content>Who takes part: joining, rejoining, leaving, and the wait for workers.</content>
public sealed partial record TrainingRun
{
    /// <summary>
    /// Times that a worker is sent the same leases again in one evaluation before it is dismissed, where there are others.
    /// </summary>
    const int ResendsMax = 8;

    /// <summary>The same for a worker that is alone: without it the run ends, and nobody else is kept busy by it.</summary>
    const int ResendsMaxAlone = 64;

    WorkerRoster Workers { get; init; } = WorkerRoster.Empty;

    Quarantine Quarantine { get; init; } = Quarantine.Empty;

    /// <summary>For each worker that was sent its leases again in this evaluation, how often.</summary>
    ImmutableDictionary<WorkerLife, int> Resends { get; init; } = NoResends;

    static ImmutableDictionary<WorkerLife, int> NoResends { get; } = ImmutableDictionary<WorkerLife, int>.Empty;

    TrainingRun AwaitWorkers(TimeSpan at, EffectList effects)
    {
        var deadline = at + _options.JoinTimeout;
        effects.Add(new SetTimer(TrainingTimer.Join, deadline));
        return this with { JoinDeadline = deadline };
    }

    TrainingRun Join(WorkerJoining joining, TimeSpan at, EffectList effects)
    {
        if (Objection(joining) is { } reason)
        {
            effects.Add(new ReplyToSender(new WorkerRefused(_options.Run, _options.Term, joining.Worker, reason)));
            effects.Add(new Notify(new WorkerRefusedNotice(joining.Worker.Name, reason)));
            return this;
        }
        if (IsKeptOut(joining, at)) return this; // It asks again by itself.
        var known = Workers.Find(joining.Worker);
        if (known?.Incarnation == joining.Incarnation) return Readmit(known, at, effects);

        var run = known is null ? this : Remove(known, "it started again", at, effects);
        return _options.Dataset is null || joining.DatasetFingerprint is not null
            ? run.Admit(joining, at, effects)
            : run.Welcome(joining, at, effects);
    }

    /// <summary>Tells a worker where the dataset is. It takes part, and is counted on, when it says that it has opened it.</summary>
    TrainingRun Welcome(WorkerJoining joining, TimeSpan at, EffectList effects)
    {
        effects.Add(new ReplyToSender(AdmissionOf(joining.Worker, joining.Incarnation)));
        return LeaseOpen(at, effects);
    }

    int ResendsAllowed(WorkerId worker) => Workers.All.Any(other => other.Id != worker) ? ResendsMax : ResendsMaxAlone;

    /// <summary>
    /// Whether a worker has to wait before it takes part again: for its silence while there are others, and until the evaluation is over
    /// where what it is sent does not reach it.
    /// </summary>
    bool IsKeptOut(WorkerJoining joining, TimeSpan at) =>
        (!Workers.IsEmpty && Quarantine.Holds(joining, at))
        || (Workers.Find(joining.Worker) is null && Resends.GetValueOrDefault(new(joining.Worker, joining.Incarnation))
            > ResendsAllowed(joining.Worker));

    /// <summary>Why this worker cannot take part; null where it can.</summary>
    string? Objection(WorkerJoining joining)
    {
        if (Banned.GetValueOrDefault(joining.Worker) is { } wrong) return $"it is kept out of this run: {wrong}";
        if (joining.ProtocolVersion != ProtocolVersion.Current)
            return $"it speaks protocol {joining.ProtocolVersion}, the coordinator {ProtocolVersion.Current}: run the same version everywhere";
        if (joining.ArithmeticHash != _options.ArithmeticHash)
            return $"its arithmetic self-test gives {joining.ArithmeticHash}, the coordinator's {_options.ArithmeticHash}: its sums would have other bits";
        if (_options.Dataset is { } dataset && joining.DatasetFingerprint is { } other && other != dataset.Fingerprint)
            return $"it works on dataset {other}, the run is about {dataset.Fingerprint}: start it anew for this run";
        if (joining.Threads < 1) return $"it has {joining.Threads} compute threads, at least 1 is needed";
        return Workers.Find(joining.Worker)?.Incarnation > joining.Incarnation ? "a later incarnation of it has joined" : null;
    }

    TrainingRun Admit(WorkerJoining joining, TimeSpan at, EffectList effects)
    {
        var newcomer = new RosterWorker(joining.Worker, joining.Incarnation, joining.Threads) { Cached = joining.Cached };
        var run = this with
        {
            Workers = Workers.Add(newcomer),
            FirstSteps = FirstSteps.ContainsKey(newcomer.Id) ? FirstSteps : FirstSteps.SetItem(newcomer.Id, Step),
        };
        effects.Add(new AdmitWorker(AdmissionOf(joining.Worker, joining.Incarnation)));
        effects.Add(new Notify(new WorkerJoinedNotice(joining.Worker.Name, joining.Threads, run.Workers.Count)));
        if (Phase == RunPhase.Forming && run.Workers.Count < _options.MinWorkers) return run;

        if (run.JoinDeadline is not null) effects.Add(new CancelTimer(TrainingTimer.Join));
        run = run with { JoinDeadline = null };
        return Phase == RunPhase.Forming
            ? run.GoOn(_first, at, effects)
            : run.LeaseOpen(at, effects).RecallFor(newcomer.Id, effects);
    }

    WorkerAdmitted AdmissionOf(WorkerId worker, long incarnation) =>
        new(_options.Run, _options.Term, worker, incarnation, _options.Targets) { Dataset = _options.Dataset };

    /// <summary>A worker that asks again may have missed what it was told: tells it once more.</summary>
    TrainingRun Readmit(RosterWorker known, TimeSpan at, EffectList effects)
    {
        effects.Add(new AdmitWorker(AdmissionOf(known.Id, known.Incarnation)));
        return SendAgain(known, at, effects);
    }

    /// <summary>Sends parameters and leases again to a worker that lacks them.</summary>
    TrainingRun SendAgain(ParametersMissing answer, TimeSpan at, EffectList effects)
    {
        if (Foreign(answer) is not null) return this;
        return Workers.Find(answer.Worker) is { } worker ? SendAgain(worker, at, effects) : Dismiss(answer, effects);
    }

    /// <summary>
    /// Its deadline stays: asking again is no answer. Where large messages never arrive, sending them for ever would keep everybody busy,
    /// so after some times the worker is dismissed.
    /// </summary>
    TrainingRun SendAgain(RosterWorker worker, TimeSpan at, EffectList effects)
    {
        var run = this with { Workers = Workers.Update(worker with { Version = null }) };
        if (!Leases.Held.TryGetValue(worker.Id, out var lease)) return run;

        var life = new WorkerLife(worker.Id, worker.Incarnation);
        var resends = Resends.GetValueOrDefault(life) + 1;
        run = run with { Resends = Resends.SetItem(life, resends) };
        if (resends > ResendsAllowed(worker.Id))
            return run.Expel(worker, $"it was sent its leases {resends - 1} times again in vain", at, effects).LeaseOpen(at, effects);

        if (!lease.Combined.IsEmpty) run = run.Ask(worker.Id, lease.Combined, uncombined: false, effects);
        return lease.Separate.IsEmpty ? run : run.Ask(worker.Id, lease.Separate, uncombined: true, effects);
    }

    TrainingRun Lose(WorkerLost lost, EffectList effects) =>
        Workers.Find(lost.Worker) is { } worker && worker.Incarnation == lost.Incarnation
            ? Remove(worker, lost.Reason, lost.At, effects).LeaseOpen(lost.At, effects)
            : this;

    /// <summary>Takes a worker off the roster and its leases back; whoever calls leases them again.</summary>
    TrainingRun Remove(RosterWorker worker, string reason, TimeSpan at, EffectList effects)
    {
        var run = this with { Workers = Workers.Remove(worker.Id), Leases = Leases.WithoutWorker(worker.Id) };
        var moved = Leases.Of(worker.Id).Except(run.Leases.Outstanding).Count;
        effects.Add(new ForgetWorker(worker.Id));
        effects.Add(new Notify(new WorkerLostNotice(worker.Id.Name, reason, moved, run.Workers.Count)));
        return run.Workers.IsEmpty && Phase != RunPhase.Forming ? run.AwaitWorkers(at, effects) : run;
    }

    /// <summary>Removes a worker that cannot be counted on, lets it know, and keeps it out for a while.</summary>
    TrainingRun Expel(RosterWorker worker, string reason, TimeSpan at, EffectList effects)
    {
        effects.Add(Tell(worker.Id, new WorkerDismissed(_options.Run, _options.Term, worker.Id, reason)));
        return Remove(worker, reason, at, effects) with { Quarantine = Quarantine.Add(worker, at) };
    }

    /// <summary>A worker that is not on the roster speaks as if it were: lets it know, so that it joins again.</summary>
    TrainingRun Dismiss(IEvaluationAnswer answer, EffectList effects)
    {
        const string Reason = "it is not on the roster";
        effects.Add(new ReplyToSender(new WorkerDismissed(_options.Run, _options.Term, answer.Worker, Reason)));
        effects.Add(new Notify(new ContributionRefusedNotice(answer.Evaluation.Number, answer.Worker.Name, Reason)));
        return this;
    }

    TrainingRun GiveUpJoining(TimeSpan at, EffectList effects) =>
        JoinDeadline is not { } deadline || at < deadline ? this : Stop(TooFewWorkers(), at, effects);

    Problem TooFewWorkers()
    {
        var waited = string.Create(CultureInfo.InvariantCulture, $"{_options.JoinTimeout.TotalSeconds:0.###} s");
        var message = Phase == RunPhase.Forming
            ? $"{Workers.Count} of {_options.MinWorkers} workers joined within {waited}"
            : $"no worker left, and none joined within {waited}";
        return new Problem(
            "DT5001", ExitCode.Cluster, message,
            "expected: enough workers that reach the coordinator, of its version",
            "fix: start workers, or allow more time with --join-timeout");
    }

    /// <summary>A worker from one start to the next.</summary>
    readonly record struct WorkerLife(WorkerId Worker, long Incarnation);
}
