using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Engines;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using DistTrain.Bench;
using DistTrain.Bench.Actors;
using DistTrain.Bench.Kernels;
using DistTrain.Bench.Transport;

// Usage: DistTrain.Bench [--short] [BenchmarkDotNet's own arguments], DistTrain.Bench kernels [--short] [part of a name],
// DistTrain.Bench steps|gaps|plane|actors [--short]. bench/run.sh and the script of each name are the front doors.
var isShort = args.Contains("--short");
if (args is ["kernels", .. var rest])
{
    var name = rest.FirstOrDefault(argument => argument != "--short", "");
    KernelTable.Print(Console.Out, new KernelWorks(share: isShort ? 0.25 : 1).All(name), rounds: isShort ? 5 : 15);
    return;
}
if (args.Contains("steps"))
{
    StepCosts.Print(Console.Out, epochs: isShort ? 2 : 10);
    return;
}
if (args.Contains("gaps"))
{
    EvaluationGaps.Print(Console.Out, evaluations: isShort ? 15 : 40);
    return;
}
if (args.Contains("actors"))
{
    await OverheadTable.Print(Console.Out, evaluations: isShort ? 1_000 : 10_000);
    return;
}
if (args.Contains("plane"))
{
    await PlaneTable.Print(Console.Out, rounds: isShort ? 5 : 15);
    Console.WriteLine();
    await HeartbeatTable.Print(Console.Out);
    Console.WriteLine();
    await WeightsTable.Print(Console.Out);
    return;
}

var job = Job.Default
    .WithStrategy(RunStrategy.Monitoring)
    .WithWarmupCount(isShort ? 2 : 5)
    .WithIterationCount(isShort ? 3 : 15)
    .WithInvocationCount(1)
    .WithUnrollFactor(1)
    .WithToolchain(InProcessEmitToolchain.Instance);

var config = DefaultConfig.Instance
    .AddJob(job)
    .AddColumn(new ThroughputColumn("GB/s", work => work.Bytes, 1e9))
    .HideColumns("Error", "StdDev", "Median", "RatioSD")
    .AddColumn(StatisticColumn.Min, StatisticColumn.Median, StatisticColumn.Max)
    .WithOptions(ConfigOptions.DisableLogFile);

BenchmarkSwitcher.FromAssembly(typeof(TwoThreads).Assembly).Run([.. args.Where(arg => arg != "--short"), "--filter", "*"], config);
