using System.Diagnostics;
using DistTrain.FaultHarness.Faults;
using DistTrain.FaultHarness.Processes;
using DistTrain.FaultHarness.Reports;

namespace DistTrain.FaultHarness.Runs;

/// <summary>One run of a cluster, from its start to its end, with faults on the way.</summary>
/// <param name="expected">The parameters' hash of the undisturbed run.</param>
/// <param name="slack">By what the limits of recoveries are multiplied.</param>
sealed class DisturbedRun(Products products, Workload workload, FleetPlan plan, string expected, string folder, Random random, int slack)
{
    static readonly TimeSpan StepMax = TimeSpan.FromSeconds(60);
    static readonly TimeSpan RecoveryWait = TimeSpan.FromSeconds(60);
    static readonly TimeSpan RunMax = TimeSpan.FromMinutes(5);
    static readonly TimeSpan JoinMax = TimeSpan.FromSeconds(15);
    static readonly TimeSpan WorkersEndMax = TimeSpan.FromSeconds(15);

    const int ExitCodeOfLeaving = 143;
    const int ViolationsShown = 10;

    readonly List<StrikeReport> _strikes = [];
    readonly List<string> _problems = [];

    /// <summary>Strikes with the faults of the queue until it is empty or the run ends; one that came too late goes back.</summary>
    public async Task<RunReport> RunAsync(Queue<IFault> faults, CancellationToken stop)
    {
        var since = Stopwatch.StartNew();
        using var fleet = await Fleet.MakeAsync(products, workload, plan, folder, stop);
        fleet.Start();
        await StrikeAllAsync(fleet, faults, stop);
        if (!await Waiting.UntilAsync(() => HasStopped(fleet), RunMax, stop))
            _problems.Add($"no end after {RunMax.TotalMinutes} minutes");
        var seconds = since.Elapsed.TotalSeconds;
        await JudgeEndsAsync(fleet, stop);
        var hash = HashOf(fleet);
        if (hash != expected) _problems.Add($"other parameters: {hash ?? "none"}, expected {expected}");
        var events = await JudgeEventsAsync(fleet, stop);
        return new RunReport(workload.Name, $"{plan}", hash, expected, seconds, [.. _strikes], events, [.. _problems]);
    }

    async Task StrikeAllAsync(Fleet fleet, Queue<IFault> faults, CancellationToken stop)
    {
        while (faults.Count > 0)
        {
            if (!await Waiting.UntilAsync(() => IsOver(fleet) || fleet.Events.IsInMidRun, StepMax, stop))
                _problems.Add($"no step within {StepMax.TotalSeconds} s");
            await Waiting.ForAsync(random.Between(0.1, 1.5), stop);
            if (!fleet.Events.IsInMidRun || IsOver(fleet)) return;
            var fault = faults.Dequeue();
            var report = await StrikeAsync(fleet, fault, stop);
            _strikes.Add(report);
            if (!report.IsInMidRun) faults.Enqueue(fault);
            else if (report.Recovery is null) return; // It stands still.
        }
    }

    async Task<StrikeReport> StrikeAsync(Fleet fleet, IFault fault, CancellationToken stop)
    {
        var step = fleet.Events.Step;
        var strike = await fault.StrikeAsync(fleet, random, stop);
        var isSettled = await Waiting.UntilAsync(() => WentOn() is not null || IsOver(fleet), RecoveryWait, stop);
        var recovery = (WentOn() - strike.CountedFrom)?.TotalSeconds;
        var isInMidRun = recovery is not null || !isSettled;
        var report = new StrikeReport(fault.Name, strike.Victim, step, recovery, slack * fault.RecoveryMax.TotalSeconds, isInMidRun);
        if (!report.IsInTime) _problems.Add($"{fault.Name} ({strike.Victim}, step {step}): went on {After(recovery)}");
        var outcome = isInMidRun ? After(recovery) : "the run was at its end";
        Console.WriteLine($"    {fault.Name,-30} {strike.Victim,-24} step {step,5}  {outcome}");
        return report;

        DateTimeOffset? WentOn() => fleet.Events.WentOnAfter(strike.CountedFrom);
    }

    static string After(double? seconds) =>
        seconds is { } some ? $"after {some:F2} s" : $"not within {RecoveryWait.TotalSeconds} s";

    /// <summary>
    /// Nobody waits without end: when the run is over its coordinator exits with 0, and so do its workers. One that was started so late that
    /// it may not have joined still looks for a coordinator, as it should.
    /// </summary>
    async Task JudgeEndsAsync(Fleet fleet, CancellationToken stop)
    {
        var ended = DateTimeOffset.UtcNow;
        await Waiting.UntilAsync(() => fleet.Nodes.All(node => !node.IsRunning), WorkersEndMax, stop);
        var judged = fleet.Candidates.Concat(fleet.AllWorkers.Where(worker => worker.StartedAt < ended - JoinMax));
        foreach (var node in judged.Where(node => node.ExitCode != (node.HasLeft ? ExitCodeOfLeaving : 0)))
            _problems.Add($"{node}: {(node.IsRunning ? "still there" : $"exit code {node.ExitCode}")}, log {node.LogPath}");
    }

    async Task<EventVerdict?> JudgeEventsAsync(Fleet fleet, CancellationToken stop)
    {
        if (!File.Exists(fleet.EventsPath)) return null;
        try
        {
            var verdict = await EventVerdict.OnAsync(products, fleet.EventsPath, stop);
            if (verdict.Evaluations == 0) _problems.Add("no evaluation that tells its shards");
            _problems.AddRange(verdict.Violations.Take(ViolationsShown));
            return verdict;
        }
        catch (InvalidDataException unreadable)
        {
            _problems.Add(unreadable.Message);
            return null;
        }
    }

    bool IsOver(Fleet fleet) => fleet.Events.HasEnded || HasStopped(fleet);

    /// <summary>Of several candidates, who gives up is started again, and prints the result that another one has brought about.</summary>
    bool HasStopped(Fleet fleet)
    {
        if (plan.Candidates > 1) fleet.StartWhoGaveUp();
        return fleet.Candidates.All(candidate => !candidate.IsRunning);
    }

    static string? HashOf(Fleet fleet) =>
        Path.Combine(fleet.RunFolder, "result.json") is var path && File.Exists(path) ? Reference.Read(File.ReadAllText(path)).Hash : null;
}
