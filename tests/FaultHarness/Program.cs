using DistTrain.FaultHarness;
using DistTrain.FaultHarness.Faults;
using DistTrain.FaultHarness.Processes;
using DistTrain.FaultHarness.Reports;
using DistTrain.FaultHarness.Runs;

// Trains with real processes, breaks them in mid-run, and compares with the undisturbed run, to the bit (tests/faults/cluster.sh).
if (HarnessOptions.Parse(args) is not { } options)
{
    Console.Error.WriteLine(HarnessOptions.Usage);
    return 2;
}
using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};
var folder = options.Keep ?? Directory.CreateTempSubdirectory("fault-harness-").FullName;
var random = new Random(options.Seed);
var suites = new Suites(Products.Find(), folder, random, options.Slack);
var started = DateTimeOffset.UtcNow;

if (options.Runs("compare") && options.IsLong)
    await suites.CompareAsync(Workloads.ToCompare(options.Nursery), [1, 2, 4, 8], stop.Token);
else if (options.Runs("compare"))
    await suites.CompareAsync(Workloads.ToCompareShortly, [2], stop.Token);
if (options.Runs("disturb") && options.IsLong)
    await suites.DisturbAsync(Workloads.ToDisturb, new FleetPlan(Workers: 4), Schedule.Long(random), stop.Token);
else if (options.Runs("disturb"))
    await suites.DisturbAsync([Workloads.ToDisturbShortly], new FleetPlan(Workers: 3), Schedule.Short(random), stop.Token);
if (options.Runs("succeed"))
    await suites.DisturbAsync(Workloads.ToDisturb, new FleetPlan(Workers: 2, Candidates: 3), Schedule.Successions(random), stop.Token);
if (options.Runs("partition"))
    await suites.DisturbOnHostsAsync(Workloads.ToDisturb, new FleetPlan(Workers: 3), Schedule.Partitions(random), stop.Token);
if (options.Runs("schism"))
    await suites.DisturbOnHostsAsync(Workloads.ToDisturb, new FleetPlan(Workers: 2, Candidates: 3), Schedule.Schisms(random), stop.Token);

var report = HarnessReport.Of(options.Seed, options.IsLong ? "long" : "short", started, suites.Reports);
report.WriteTo(Console.Out);
if (options.Report is { } file) report.WriteTo(file);
if (report.IsGood && options.Keep is null) Directory.Delete(folder, recursive: true);
else Console.WriteLine($"runs and logs: {folder}");
return report.IsGood ? 0 : 1;
