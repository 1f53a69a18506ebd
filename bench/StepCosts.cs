using System.Globalization;
using DistTrain.Training;

namespace DistTrain.Bench;

/// <summary>What a sparse minibatch step costs among 2¹⁴ to 2²⁰ features, as a table.</summary>
/// <remarks>
/// Processor time, which other work on the machine disturbs less than the clock; the sizes take turns, and the best of several epochs
/// counts.
/// </remarks>
static class StepCosts
{
    const int Warmups = 2;

    static readonly int[] FeatureCounts = [1 << 14, 1 << 16, 1 << 18, 1 << 20];

    static readonly OptimizerKind[] Optimizers =
    [
        OptimizerKind.Sgd, OptimizerKind.Momentum, OptimizerKind.Nesterov, OptimizerKind.Adam, OptimizerKind.Adamw, OptimizerKind.Adagrad,
        OptimizerKind.Ftrl,
    ];

    public static void Print(TextWriter output, int epochs)
    {
        output.WriteLine("| optimizer | 2^14 | 2^16 | 2^18 | 2^20 | 2^20 / 2^14 |");
        output.WriteLine("|---|---|---|---|---|---|");
        int[] touched = [];
        foreach (var optimizer in Optimizers)
        {
            SparseSteps[] runs = [.. FeatureCounts.Select(count => new SparseSteps(optimizer, count))];
            var milliseconds = Measure(runs, epochs);
            touched = [.. runs.Select(run => run.TouchedCount)];
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {optimizer.ToString().ToLowerInvariant()} | {string.Join(" | ", milliseconds.Select(time => time.ToString("0.00", CultureInfo.InvariantCulture)))} | {milliseconds[^1] / milliseconds[0]:0.0} |"));
        }
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| *features touched* | {string.Join(" | ", touched)} | {(double)touched[^1] / touched[0]:0.0} |"));
    }

    /// <summary>Milliseconds of processor time per step, the least of some epochs.</summary>
    static double[] Measure(SparseSteps[] runs, int epochs)
    {
        var least = new double[runs.Length];
        Array.Fill(least, double.PositiveInfinity);
        for (var epoch = -Warmups; epoch < epochs; epoch++)
        {
            foreach (var (i, run) in runs.Index())
            {
                var before = Environment.CpuUsage.TotalTime;
                run.RunEpoch();
                var time = (Environment.CpuUsage.TotalTime - before).TotalMilliseconds / SparseSteps.StepsPerEpoch;
                if (epoch >= 0) least[i] = Math.Min(least[i], time);
            }
        }
        return least;
    }
}
