using System.Diagnostics;
using System.Globalization;

namespace DistTrain.Bench.Kernels;

/// <summary>Work of some shape, and by what it is judged.</summary>
sealed record KernelWork(string Name, Action Run, Yardstick Yardstick)
{
    /// <summary>Said of it after it has run; empty where there is nothing to say.</summary>
    public Func<string> Note { get; init; } = () => "";
}

/// <summary>What gradients of many shapes cost, as a table, each beside what the hardware gives in the same run.</summary>
static class KernelTable
{
    /// <summary>The runtime compiles anew what runs often, in the background: that is over by then.</summary>
    static readonly TimeSpan Warmup = TimeSpan.FromSeconds(0.7);

    /// <param name="rounds">In each, the reference and the work take turns.</param>
    public static void Print(TextWriter output, IEnumerable<KernelWork> works, int rounds)
    {
        output.WriteLine("| work | figure | goal | best | median ms | min | max | speed |");
        output.WriteLine("|---|---|---|---|---|---|---|---|");
        foreach (var work in works)
        {
            var (times, references) = Measure(work, rounds);
            var time = MedianOf(times);
            var yardstick = work.Yardstick;
            var said = string.Join("; ", new[] { yardstick.SpeedOf(time), work.Note() }.Where(text => text.Length > 0));
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {work.Name} | {yardstick.FigureOf(time, MedianOf(references)):0.00} {yardstick.Unit} | {yardstick.Goal} | {yardstick.Best} | {time * 1e3:0.00} | {times.Min() * 1e3:0.00} | {times.Max() * 1e3:0.00} | {said} |"));
        }
    }

    static (double[] Times, double[] References) Measure(KernelWork work, int rounds)
    {
        var (times, references) = (new double[rounds], new double[rounds]);
        for (var start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < Warmup;) work.Run();
        for (var round = 0; round < rounds; round++)
        {
            references[round] = work.Yardstick.Reference is { } run ? SecondsOf(run) : 0;
            times[round] = SecondsOf(work.Run);
        }
        return (times, references);
    }

    static double SecondsOf(Action run)
    {
        var start = Stopwatch.GetTimestamp();
        run();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    static double MedianOf(double[] times)
    {
        double[] sorted = [.. times.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
