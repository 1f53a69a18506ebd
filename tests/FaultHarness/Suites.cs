using DistTrain.FaultHarness.Faults;
using DistTrain.FaultHarness.Processes;
using DistTrain.FaultHarness.Reports;
using DistTrain.FaultHarness.Runs;

namespace DistTrain.FaultHarness;

/// <summary>What is run, one after the other.</summary>
/// <param name="folder">Everything is written there, each run in a folder of its own.</param>
/// <param name="slack">By what the limits of recoveries are multiplied.</param>
sealed class Suites(Products products, string folder, Random random, int slack)
{
    const int RoundsMax = 20;

    readonly Dictionary<string, Reference> _references = [];
    readonly List<RunReport> _reports = [];

    public IReadOnlyList<RunReport> Reports => _reports;

    /// <summary>The same bits for any number of workers.</summary>
    public async Task CompareAsync(IEnumerable<Workload> workloads, int[] workerCounts, CancellationToken stop)
    {
        foreach (var workload in workloads)
        {
            foreach (var count in workerCounts) await RunAsync(workload, new FleetPlan(count), new Queue<IFault>(), stop);
        }
    }

    /// <summary>The same bits whatever strikes: runs follow one another until every fault of the schedule has struck in mid-run.</summary>
    public async Task DisturbAsync(IReadOnlyList<Workload> workloads, FleetPlan plan, Queue<IFault> faults, CancellationToken stop)
    {
        for (var round = 0; faults.Count > 0 && round < RoundsMax; round++)
            await RunAsync(workloads[round % workloads.Count], plan, faults, stop);
        if (faults.Count > 0) throw new InvalidOperationException($"{faults.Count} faults did not strike in mid-run of {RoundsMax} runs.");
    }

    /// <summary>The same, each node on a host of its own, whose link a fault may take down.</summary>
    public async Task DisturbOnHostsAsync(IReadOnlyList<Workload> workloads, FleetPlan plan, Queue<IFault> faults, CancellationToken stop)
    {
        using var network = await Network.CreateAsync(stop);
        await DisturbAsync(workloads, plan with { Network = network }, faults, stop);
    }

    async Task RunAsync(Workload workload, FleetPlan plan, Queue<IFault> faults, CancellationToken stop)
    {
        var reference = await ReferenceOfAsync(workload, stop);
        Console.WriteLine($"{workload.Name}, {plan} (in one process: {reference.Steps} steps, {reference.Seconds:F1} s)");
        var run = new DisturbedRun(products, workload, plan, reference.Hash, Path.Combine(folder, $"run-{_reports.Count}"), random, slack);
        var report = await run.RunAsync(faults, stop);
        _reports.Add(report);
        Console.WriteLine($"    {(report.IsGood ? "as promised" : "FAILED")}, {report.Seconds:F1} s, hash {report.Hash}");
        foreach (var problem in report.Problems) Console.WriteLine($"    {problem}");
    }

    async Task<Reference> ReferenceOfAsync(Workload workload, CancellationToken stop)
    {
        var arguments = string.Join(' ', workload.Arguments);
        if (_references.TryGetValue(arguments, out var known)) return known;
        return _references[arguments] =
            await Reference.OfAsync(products, workload, Path.Combine(folder, $"reference-{_references.Count}"), stop);
    }
}
