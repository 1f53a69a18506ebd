using System.Globalization;
using DistTrain.Problems;

namespace DistTrain.Membership;

/// <summary>Decides when a worker's process goes on, starts anew or ends. A value; times are those since the process started.</summary>
public sealed record WorkerLife(WorkerLifeOptions Options)
{
    /// <summary>When a coordinator was last heard of.</summary>
    TimeSpan LastHeard { get; init; }

    /// <summary>Whether this actor system belongs to a run, or did until it was sent away.</summary>
    bool Belongs { get; init; }

    /// <summary>A run is over, and no other has begun.</summary>
    public bool AwaitsNextRun { get; private init; }

    /// <summary>Takes note of what happened at <paramref name="at"/>, and says what to do.</summary>
    public (WorkerLife Next, WorkerVerdict Verdict) Handle(TimeSpan at, WorkerEvent happened) => happened switch
    {
        CoordinatorHeard => (this with { LastHeard = at }, GoOn.Instance),
        WorkerBelongs => (this with { LastHeard = at, Belongs = true, AwaitsNextRun = false }, GoOn.Instance),
        WorkerTurnedDown turned => (this, new EndProcess(TurnedDown(turned))),
        DatasetFailed failed => (this, new EndProcess(failed.Problem)),
        RunOver over => EndRun(at, over),
        SystemLost lost => Lose(at, lost.Reason),
        _ => LookAround(at),
    };

    (WorkerLife Next, WorkerVerdict Verdict) LookAround(TimeSpan at)
    {
        var silence = at - LastHeard;
        if (Belongs && silence >= Options.SilenceMax) return StartAnew($"nothing was heard of a live term for {Seconds(silence)}");
        return HasGivenUp(at) ? (this, new EndProcess(NoCoordinator())) : (this, GoOn.Instance);
    }

    /// <summary>A system that cannot start is lost before any time passes in it: the time allowed ends here too.</summary>
    (WorkerLife Next, WorkerVerdict Verdict) Lose(TimeSpan at, string reason) => HasGivenUp(at)
        ? (this, new EndProcess(NoCoordinator($"found: the actor system was lost: {reason}")))
        : StartAnew(reason);

    /// <summary>Whether the time allowed for finding a coordinator is over.</summary>
    bool HasGivenUp(TimeSpan at) => !Belongs && !AwaitsNextRun && at - LastHeard >= Options.JoinTimeout;

    (WorkerLife Next, WorkerVerdict Verdict) EndRun(TimeSpan at, RunOver over) => Options.Stay
        ? (this with { LastHeard = at, Belongs = false, AwaitsNextRun = true }, new StartAnew($"run {over.Run} is over", Options.Pause))
        : (this, new EndProcess(null));

    /// <summary>The time without a coordinator goes on from one actor system to the next.</summary>
    (WorkerLife Next, WorkerVerdict Verdict) StartAnew(string reason) =>
        (this with { Belongs = false }, new StartAnew(reason, Belongs ? TimeSpan.Zero : Options.Pause));

    Problem NoCoordinator(params ReadOnlySpan<string> found) => new(
        "DT5010", ExitCode.Cluster, $"no coordinator answered at {string.Join(", ", Options.Join)} for {Seconds(Options.JoinTimeout)}",
        [
            .. found,
            "expected: a coordinator that runs, and that can be reached from here under the name it was given with --host",
            "fix: check --join against what the coordinator printed, or allow more time with --join-timeout",
        ]);

    static Problem TurnedDown(WorkerTurnedDown turned) => new(
        "DT3301", ExitCode.Configuration, $"the coordinator refuses this worker: {turned.Reason}",
        "expected: the version, arithmetic and dataset that the coordinator has",
        "fix: run the same version on the same kind of machine, and join the run that this worker's data belongs to");

    static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.#} s");
}
