using DistTrain.Numerics;

namespace DistTrain.Shared.Tests.Learning.Metrics;

/// <summary>A row as tests write it down: observed below 0 where the softmax does not have the class.</summary>
sealed record ScoredExample(double[] Probabilities, int Observed, double Weight);

/// <summary>Seeded rows with probabilities.</summary>
static class RandomScores
{
    /// <summary>
    /// Weights from ¼ to 3; every class occurs, and is likelier where its probability is high; about one row in ten is of no class.
    /// </summary>
    /// <param name="isCoarse">Logits are whole numbers, so that many scores are equal.</param>
    public static ScoredExample[] Rows(ulong seed, int rowCount, int classCount, bool isCoarse = false)
    {
        var random = new CounterRandom(seed, 1);
        var rows = new ScoredExample[rowCount];
        for (var i = 0; i < rowCount; i++)
        {
            var logits = new double[classCount];
            for (var k = 0; k < classCount; k++) logits[k] = isCoarse ? Math.Round(random.NextGaussian()) : 3 * random.NextGaussian();
            var mass = logits.Sum(Math.Exp);
            double[] probabilities = [.. logits.Select(z => Math.Exp(z) / mass)];
            var likely = Array.IndexOf(probabilities, probabilities.Max());
            var observed = i < classCount ? i : random.NextInt32(10) switch { 0 => -1, < 5 => likely, _ => random.NextInt32(classCount) };
            rows[i] = new(probabilities, observed, (1 + random.NextInt32(12)) / 4.0);
        }
        return rows;
    }
}
