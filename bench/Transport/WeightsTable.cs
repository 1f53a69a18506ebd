using System.Diagnostics;
using DistTrain.Learning;
using DistTrain.Node.Blocks;
using DistTrain.Protocol;
using Microsoft.Extensions.Logging.Abstractions;

namespace DistTrain.Bench.Transport;

/// <summary>What it takes to ask for the weights of some features of a million, as a shard of a sparse batch does, as a table.</summary>
static class WeightsTable
{
    const int Warmups = 200;
    const int Times = 2000;

    static readonly int[] FeatureCounts = [10, 1_000, 10_000, 100_000];

    public static async Task Print(TextWriter output)
    {
        var parameters = new Parameters(new ModelShape(3, 1 << 20));
        var weights = new PublishedWeights();
        weights.Publish(new RunId("bench"), Term.First, 1, parameters);
        await using var plane = new BlockPlane(
            new BlockPlaneOptions(), new BlockStore(), [], [weights], new NodeReadiness(), NullLoggerFactory.Instance);
        await plane.StartAsync(CancellationToken.None);
        var source = new RemoteWeightSource([plane.Address], new RunId("bench"), Term.First, 1, parameters.Shape, TimeSpan.FromSeconds(60));

        output.WriteLine("| features asked for | best, ms | median, ms | processor, mean, ms |");
        output.WriteLine("|---|---|---|---|");
        foreach (var count in FeatureCounts) output.WriteLine(Row(source, count));
        await plane.StopAsync(CancellationToken.None);
    }

    static string Row(RemoteWeightSource source, int featureCount)
    {
        var random = new Random(1);
        int[] features = [.. Enumerable.Range(0, featureCount).Select(_ => random.Next(1 << 20))];
        var weights = new double[features.Length * 3];
        var times = new List<double>();
        var cpu = TimeSpan.Zero;
        for (var i = -Warmups; i < Times; i++)
        {
            if (i == 0) cpu = Environment.CpuUsage.TotalTime;
            var started = Stopwatch.GetTimestamp();
            source.Read(features, weights);
            if (i >= 0) times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }
        var processor = (Environment.CpuUsage.TotalTime - cpu).TotalMilliseconds / Times;
        return FormattableString.Invariant($"| {featureCount} | {times.Min():0.00} | {times.Order().ElementAt(Times / 2):0.00} | {processor:0.00} |");
    }
}
