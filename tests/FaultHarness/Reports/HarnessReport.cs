using System.Text.Json;

namespace DistTrain.FaultHarness.Reports;

/// <summary>Everything that the harness saw.</summary>
/// <param name="Seed">Repeats the choices: which faults, whom, when.</param>
sealed record HarnessReport(
    int Seed, string Mode, int Processors, DateTimeOffset Started, double Seconds,
    IReadOnlyList<FaultSummary> Faults, long Lost, long Twice, IReadOnlyList<RunReport> Runs)
{
    static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public bool IsGood => Runs.All(run => run.IsGood);

    public static HarnessReport Of(int seed, string mode, DateTimeOffset started, IReadOnlyList<RunReport> runs) => new(
        seed, mode, Environment.ProcessorCount, started, (DateTimeOffset.UtcNow - started).TotalSeconds,
        FaultSummary.Of(runs.SelectMany(run => run.Strikes)),
        runs.Sum(run => run.Events?.Lost ?? 0), runs.Sum(run => run.Events?.Twice ?? 0), runs);

    public void WriteTo(string path) => File.WriteAllText(path, JsonSerializer.Serialize(this, Format));

    public void WriteTo(TextWriter text)
    {
        text.WriteLine();
        if (Faults.Count > 0) text.WriteLine($"{"fault",-30} {"count",5} {"recovery p50",13} {"max",7} {"limit",7}");
        foreach (var (fault, count, median, most, limit, _) in Faults)
            text.WriteLine($"{fault,-30} {count,5} {median,11:F2} s {most,5:F2} s {limit,5:F0} s");
        var (equal, evaluations) = (Runs.Count(run => run.Hash == run.Expected), Runs.Sum(run => run.Events?.Evaluations ?? 0));
        text.WriteLine($"{Runs.Count} runs, {equal} with the hash of the undisturbed run; {evaluations} evaluations checked: "
            + $"{Lost} shards lost, {Twice} counted twice (seed {Seed}, {Processors} processors, {Seconds:F0} s)");
        foreach (var run in Runs)
        {
            foreach (var problem in run.Problems) text.WriteLine($"FAILED: {run.Workload}, {run.Nodes}: {problem}");
        }
    }
}
