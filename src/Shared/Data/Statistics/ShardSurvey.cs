using System.Collections.Immutable;
using DistTrain.Data.Storage;
using DistTrain.Numerics;

namespace DistTrain.Data.Statistics;

/// <summary>A part of a dataset, each shard's rows looked at once: they are hashed, laid out for the kernels, summed up and let go.</summary>
/// <param name="Forms">The kernel form of each shard.</param>
/// <param name="Hashes">Of each shard's rows (<see cref="DatasetFingerprint.HashOf"/>).</param>
/// <param name="WeightSum">Σ wᵢ, added up row by row in each shard, then shard by shard: every parameter rests on it.</param>
/// <param name="Rounding">By how much dense values were changed when the rows were written.</param>
sealed record ShardSurvey(ImmutableArray<Shard> Forms, byte[][] Hashes, double WeightSum, RoundingSums Rounding)
{
    /// <param name="rowsOf">The rows of a shard; asked once, in the order of the shards but for those that are in work together.</param>
    /// <param name="sums">Gets the shards, in their order; null where nobody asks for sums.</param>
    public static ShardSurvey Of(int shardCount, Func<ShardId, ShardRows> rowsOf, FeatureSums? sums, IParallelFor parallel)
    {
        var (forms, hashes, weightSums) = (new Shard[shardCount], new byte[shardCount][], new double[shardCount]);
        for (var first = 0; first < shardCount; first += parallel.Degree)
        {
            var (from, count) = (first, Math.Min(parallel.Degree, shardCount - first));
            parallel.Run(count, i => Take(new ShardId(from + i)));
            sums?.Add(forms.AsMemory(from, count), parallel);
        }
        return new ShardSurvey(
            [.. forms], hashes, Total(weightSums), forms.Aggregate(default(RoundingSums), (sum, form) => sum + form.Dense.Rounding));

        void Take(ShardId shard)
        {
            var rows = rowsOf(shard);
            hashes[shard.Index] = DatasetFingerprint.HashOf(rows);
            forms[shard.Index] = rows.ToShard(shard);
            weightSums[shard.Index] = WeightSumOf(rows);
        }
    }

    static double WeightSumOf(ShardRows shard)
    {
        var sum = 0.0;
        for (var row = 0; row < shard.RowCount; row++) sum += shard.WeightOf(row);
        return sum;
    }

    static double Total(double[] sums)
    {
        var total = 0.0;
        foreach (var sum in sums) total += sum;
        return total;
    }
}
