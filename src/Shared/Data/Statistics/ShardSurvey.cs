using DistTrain.Data.Storage;
using DistTrain.Numerics;

namespace DistTrain.Data.Statistics;

/// <summary>
/// A part of a dataset, each shard's rows looked at once: they are hashed, laid out for the kernels, summed up and let go. What remains is
/// what a manifest has of them.
/// </summary>
/// <param name="sums">Gets the shards, in their order; null where nobody asks for sums.</param>
sealed class ShardSurvey(int shardCount, FeatureSums? sums, IParallelFor parallel)
{
    readonly int[] _rowCounts = new int[shardCount];
    readonly string[] _hashes = new string[shardCount];
    readonly double[] _weightSums = new double[shardCount];
    readonly RoundingSums[] _roundings = new RoundingSums[shardCount];
    int _taken;

    public FeatureSums? Sums => sums;

    /// <summary>Rows of each shard.</summary>
    public ReadOnlySpan<int> RowCounts => _rowCounts;

    /// <summary>Of each shard's rows (<see cref="DatasetFingerprint.HashOf"/>).</summary>
    public ReadOnlySpan<string> Hashes => _hashes;

    /// <summary>Σ wᵢ, added up row by row in each shard, then shard by shard: every parameter rests on it.</summary>
    public double WeightSum
    {
        get
        {
            var total = 0.0;
            foreach (var sum in _weightSums) total += sum;
            return total;
        }
    }

    /// <summary>By how much dense values were changed when the rows were written.</summary>
    public RoundingSums Rounding => _roundings.Aggregate(default(RoundingSums), (sum, one) => sum + one);

    /// <summary>Takes the next shards, as many at once as there are threads.</summary>
    /// <param name="rowsOf">The rows of a shard; asked once, in the order of the shards but for those that are in work together.</param>
    /// <param name="keep">Gets each shard's kernel form, from any thread; null: nothing is kept.</param>
    public void Take(int count, Func<ShardId, ShardRows> rowsOf, Action<Shard>? keep = null)
    {
        var end = _taken + count;
        while (_taken < end)
        {
            var (first, forms) = (_taken, new Shard[Math.Min(parallel.Degree, end - _taken)]);
            parallel.Run(forms.Length, i =>
            {
                var shard = new ShardId(first + i);
                forms[i] = Look(shard, rowsOf(shard));
                keep?.Invoke(forms[i]);
            });
            sums?.Add(forms, parallel);
            _taken += forms.Length;
        }
    }

    Shard Look(ShardId shard, ShardRows rows)
    {
        (_rowCounts[shard.Index], _hashes[shard.Index]) = (rows.RowCount, DatasetFingerprint.HashOf(rows));
        (_weightSums[shard.Index], _roundings[shard.Index]) = (WeightSumOf(rows), rows.Dense.Rounding);
        return rows.ToShard(shard);
    }

    static double WeightSumOf(ShardRows shard)
    {
        var sum = 0.0;
        for (var row = 0; row < shard.RowCount; row++) sum += shard.WeightOf(row);
        return sum;
    }
}
