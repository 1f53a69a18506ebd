using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using DistTrain.Bench;

// Usage: DistTrain.Bench [--short] [BenchmarkDotNet's own arguments]. bench/run.sh is the front door.
var isShort = args.Contains("--short");
var job = (isShort ? Job.Dry.WithWarmupCount(1).WithIterationCount(3) : Job.Default.WithWarmupCount(3).WithIterationCount(12))
    .WithInvocationCount(1)
    .WithUnrollFactor(1)
    .WithToolchain(InProcessEmitToolchain.Instance);

var config = DefaultConfig.Instance
    .AddJob(job)
    .AddColumn(new ThroughputColumn("GB/s", work => work.Bytes, 1e9), new NanosecondsColumn())
    .AddExporter(MarkdownExporter.GitHub)
    .WithOptions(ConfigOptions.DisableOptimizationsValidator | ConfigOptions.JoinSummary | ConfigOptions.DisableLogFile);

BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run([.. args.Where(arg => arg != "--short"), "--filter", "*"], config);
