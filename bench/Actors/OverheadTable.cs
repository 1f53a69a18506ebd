using System.Diagnostics;
using System.Globalization;
using DistTrain.Cli.Training;
using DistTrain.Coordinator.Runs;
using DistTrain.Coordinator.Training;
using DistTrain.Data;
using DistTrain.Data.Samples;
using DistTrain.Data.Storage;
using DistTrain.Formats.Checkpoints;
using DistTrain.Learning;
using DistTrain.Node.CommandLine;
using DistTrain.Node.Compute;
using DistTrain.Training;
using EventLog = DistTrain.Coordinator.Runs.EventLog;

namespace DistTrain.Bench.Actors;

/// <summary>
/// What an evaluation of <c>train</c> costs over the kernel on a tiny problem, as a table: the same host, actors, event log and log file.
/// </summary>
/// <remarks>
/// The kernel alone computes the same shards into sums of their own on one thread; its time is divided by the processors that workers can
/// keep busy. That is the least it could take in a run, so that the overhead is told too high rather than too low.
/// </remarks>
static class OverheadTable
{
    const string Sample = "dense,rows=2000,features=8";
    /// <summary>Each worker gets one, where there are most of them.</summary>
    const int ShardCount = 8;

    const int Warmups = 2_000;

    static readonly int[] WorkerCounts = [1, 2, 8];

    public static async Task Print(TextWriter output, int evaluations)
    {
        var dataset = DatasetBuilder.Build(SampleSpec.Parse(Sample).CreateTable(), null, new DatasetOptions { Shards = ShardCount });
        output.WriteLine("| workers | shards | kernel, µs | evaluation to evaluation, median, µs | 90 % below | overhead, median, µs |");
        output.WriteLine("|---|---|---|---|---|---|");
        await TimesOf(dataset, WorkerCounts[^1], evaluations); // Whatever is measured first would be compiled while it runs.
        KernelTime(dataset, evaluations);
        foreach (var workers in WorkerCounts)
        {
            var times = await TimesOf(dataset, workers, evaluations);
            var kernel = KernelTime(dataset, evaluations) / Math.Min(workers, Environment.ProcessorCount);
            var (median, ninth) = (times[times.Length / 2], times[times.Length * 9 / 10]);
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {workers} | {dataset.Manifest.ShardCount} | {kernel:0.0} | {median:0.0} | {ninth:0.0} | {median - kernel:0.0} |"));
        }
    }

    /// <summary>Microseconds from one evaluation to the next in a run, ascending.</summary>
    static async Task<double[]> TimesOf(Dataset dataset, int workers, int evaluations)
    {
        var trainer = new RepeatingTrainer(ModelShape.Of(dataset.Manifest), Warmups + evaluations);
        var job = new SessionJob("overhead", dataset, new TrainingOptions(), null, null, workers)
        {
            Point = new ResumePoint(trainer.First, 0, 0, ""),
        };
        var folder = Directory.CreateTempSubdirectory("disttrain-bench-");
        try
        {
            await RunUntilDone(job, trainer, folder.FullName);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
        return [.. trainer.Times.Skip(Warmups).Select(time => time.TotalMicroseconds).Order()];
    }

    static async Task RunUntilDone(SessionJob job, RepeatingTrainer trainer, string folder)
    {
        using var stop = new CancellationTokenSource();
        using var log = new LogFile(File.CreateText(Path.Combine(folder, "log.txt")), TimeProvider.System, new Talk(TextWriter.Null, isQuiet: true));
        using var events = EventLog.Create(Path.Combine(folder, "events.jsonl"));
        await using var pump = new NoticePump(TimeProvider.System, events);
        using var local = new LocalTraining();
        var run = local.RunAsync(job, pump, log, stop.Token);
        await Task.WhenAny(trainer.Done, run);
        await stop.CancelAsync();
        try
        {
            await run;
        }
        catch (OperationCanceledException)
        {
            // So this run ends.
        }
    }

    /// <summary>Microseconds for all shards one after the other, the median.</summary>
    static double KernelTime(Dataset dataset, int rounds)
    {
        var (manifest, kind) = (dataset.Manifest, EvaluationKind.Gradient);
        var computer = new ShardComputer(dataset, manifest, new TrainingOptions().TargetsOf(manifest));
        var times = new List<double>();
        for (var round = -Warmups; round < rounds; round++)
        {
            var (parameters, sums) = (new Parameters(computer.Shape), new EvaluationSums(computer.Shape, kind));
            var started = Stopwatch.GetTimestamp();
            for (var shard = 0; shard < manifest.ShardCount; shard++)
                computer.Compute(new EvaluationRequest(kind), parameters, new ShardId(shard), sums);
            sums.Settle();
            if (round >= 0) times.Add(Stopwatch.GetElapsedTime(started).TotalMicroseconds);
        }
        times.Sort();
        return times[times.Count / 2];
    }
}
