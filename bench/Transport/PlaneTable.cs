using System.Diagnostics;

namespace DistTrain.Bench.Transport;

/// <summary>The data plane, actors' messages, and raw TCP with the same bytes in the same run, as a table.</summary>
/// <remarks>The ways take turns, so that what else the machine does meets all of them.</remarks>
static class PlaneTable
{
    const int Warmups = 2;

    public static async Task Print(TextWriter output, int rounds)
    {
        var trip = new RoundTrip();
        await using var raw = new RawTcpMove();
        await using var plane = await PlaneMove.Start();
        await using var akka = new AkkaMove();
        Way[] ways =
        [
            .. new IMove[] { raw, plane, akka }.Select(move => new Way(move.Name, () => trip.MoveBytes(move), trip.CheckBytes)),
            new Way("data plane, numbers to numbers", () => trip.MoveNumbers(plane), () => { }),
        ];
        for (var round = -Warmups; round < rounds; round++)
        {
            foreach (var way in ways) await Measure(way, counts: round >= 0);
        }
        Write(output, ways, trip.Bytes);
    }

    static async Task Measure(Way way, bool counts)
    {
        GC.Collect();
        var (started, cpu) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        await way.Go();
        var cost = new Cost(Stopwatch.GetElapsedTime(started).TotalSeconds, (Environment.CpuUsage.TotalTime - cpu).TotalSeconds);
        way.Check();
        if (counts) way.Costs.Add(cost);
    }

    static void Write(TextWriter output, Way[] ways, long bytes)
    {
        output.WriteLine("| way | best, ms | median, ms | GB/s at the median | speed / raw TCP's, median | best | processor, least, ms |");
        output.WriteLine("|---|---|---|---|---|---|---|");
        var raw = ways[0];
        foreach (var way in ways)
        {
            FormattableString[] cells =
            [
                $"{way.Name}", $"{way.Best * 1e3:0}", $"{way.Median * 1e3:0}", $"{bytes / way.Median / 1e9:0.00}",
                $"{raw.Median / way.Median:0.00}", $"{raw.Best / way.Best:0.00}", $"{way.Cpu * 1e3:0}",
            ];
            output.WriteLine($"| {string.Join(" | ", cells.Select(FormattableString.Invariant))} |");
        }
    }

    readonly record struct Cost(double Seconds, double CpuSeconds);

    sealed record Way(string Name, Func<Task> Go, Action Check)
    {
        public List<Cost> Costs { get; } = [];

        public double Best => Costs.Min(cost => cost.Seconds);

        public double Median => Costs.Select(cost => cost.Seconds).Order().ElementAt(Costs.Count / 2);

        public double Cpu => Costs.Min(cost => cost.CpuSeconds);
    }
}
