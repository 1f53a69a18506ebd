using System.Diagnostics;
using System.Globalization;

namespace DistTrain.Bench.Transport;

/// <summary>
/// 12M parameters to a worker as float32 and their sums back as 8-byte integers: the data plane, actors' messages, and raw TCP with the same
/// bytes in the same run, as a table.
/// </summary>
static class PlaneTable
{
    const int ParameterCount = 12_000_000;
    const int Warmups = 2;

    public static async Task Print(TextWriter output, int rounds)
    {
        await using var plane = await PlaneMove.Start();
        await using var raw = new RawTcpMove();
        await using var akka = new AkkaMove();
        IMove[] moves = [raw, plane, akka];
        var costs = moves.ToDictionary(move => move, _ => new List<Cost>());
        for (var round = -Warmups; round < rounds; round++)
        {
            foreach (var move in moves)
            {
                var cost = await ThereAndBack(move);
                if (round >= 0) costs[move].Add(cost);
            }
        }
        Write(output, moves, costs, raw);
    }

    static async Task<Cost> ThereAndBack(IMove move)
    {
        var (parameters, sums) = (Bytes(ParameterCount * sizeof(float)), Bytes(ParameterCount * sizeof(long)));
        var (parametersRoom, sumsRoom) = (new byte[parameters.Length], new byte[sums.Length]);
        GC.Collect();
        var (started, cpu) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        await move.Move(parameters, parametersRoom);
        await move.Move(sums, sumsRoom);
        var cost = new Cost(Stopwatch.GetElapsedTime(started).TotalSeconds, (Environment.CpuUsage.TotalTime - cpu).TotalSeconds);
        if (!parameters.AsSpan().SequenceEqual(parametersRoom) || !sums.AsSpan().SequenceEqual(sumsRoom))
            throw new InvalidOperationException($"{move.Name} moved other bytes than it was given.");
        return cost;
    }

    static byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        new Random(1).NextBytes(bytes);
        return bytes;
    }

    static void Write(TextWriter output, IMove[] moves, Dictionary<IMove, List<Cost>> costs, IMove raw)
    {
        output.WriteLine("| way | best, ms | median, ms | GB/s at the median | raw TCP / it, median | best | processor time, least, ms |");
        output.WriteLine("|---|---|---|---|---|---|---|");
        const double Bytes = ParameterCount * (double)(sizeof(float) + sizeof(long));
        foreach (var move in moves)
        {
            var (best, median, cpu) = (BestOf(costs[move]), MedianOf(costs[move]), costs[move].Min(cost => cost.CpuSeconds));
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {move.Name} | {best * 1e3:0} | {median * 1e3:0} | {Bytes / median / 1e9:0.00} | {MedianOf(costs[raw]) / median:0.00} | {BestOf(costs[raw]) / best:0.00} | {cpu * 1e3:0} |"));
        }
    }

    static double BestOf(List<Cost> costs) => costs.Min(cost => cost.Seconds);

    static double MedianOf(List<Cost> costs) => costs.Select(cost => cost.Seconds).Order().ElementAt(costs.Count / 2);

    readonly record struct Cost(double Seconds, double CpuSeconds);
}
