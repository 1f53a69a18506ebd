using DistTrain.Node.Tests.Blocks;

namespace DistTrain.Bench.Transport;

/// <summary>How long heartbeats take between two actor systems while 1 GB moves between their nodes, as a table.</summary>
static class HeartbeatTable
{
    const int Bytes = 100_000_000;
    const int Times = 10;

    static readonly TimeSpan Late = TimeSpan.FromSeconds(1); // Those of a cluster go out once a second.

    public static async Task Print(TextWriter output)
    {
        await using var raw = new RawTcpMove();
        await using var plane = await PlaneMove.Start();
        await using var akka = new AkkaMove();
        await using var apart = new HeartbeatCanary();
        await using var together = akka.Canary();
        var (from, room) = (new byte[Bytes], new byte[Bytes]);

        output.WriteLine("| meanwhile | heartbeats | median, ms | slowest, ms | late (over 1 s) |");
        output.WriteLine("|---|---|---|---|---|");
        Write(output, "nothing", await apart.During(() => Task.Delay(TimeSpan.FromSeconds(2))));
        Write(output, "1 GB as raw TCP", await apart.During(() => Repeat(raw)));
        Write(output, "1 GB on the data plane", await apart.During(() => Repeat(plane)));
        Write(output, "1 GB as Akka messages of 64 KiB, 4 MiB under way", await together.During(() => Repeat(akka)));
        akka.PiecesUnderWay = int.MaxValue;
        Write(output, "1 GB as Akka messages of 64 KiB, 100 MB under way", await together.During(() => Repeat(akka)));

        async Task Repeat(IMove move)
        {
            for (var i = 0; i < Times; i++) await move.Move(from, room);
        }
    }

    static void Write(TextWriter output, string meanwhile, IReadOnlyList<TimeSpan> delays)
    {
        var median = delays.Order().ElementAt(delays.Count / 2);
        var (slowest, lateCount) = (delays.Max(), delays.Count(delay => delay > Late));
        output.WriteLine(FormattableString.Invariant(
            $"| {meanwhile} | {delays.Count} | {median.TotalMilliseconds:0.0} | {slowest.TotalMilliseconds:0.0} | {lateCount} |"));
    }
}
