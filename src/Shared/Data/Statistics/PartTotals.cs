using DistTrain.Data.Storage;
using DistTrain.Numerics;

namespace DistTrain.Data.Statistics;

/// <summary>What a manifest has of the rows of one part of a dataset, taken of each shard while it is at hand: none need be kept for it.</summary>
/// <param name="sums">Takes the rows too; null: nobody asks for sums of this part.</param>
sealed class PartTotals(int shardCount, FeatureSums? sums, IParallelFor parallel)
{
    readonly int[] _rowCounts = new int[shardCount];
    readonly string[] _hashes = new string[shardCount];
    readonly double[] _weightSums = new double[shardCount];
    int _taken;

    public FeatureSums? Sums => sums;

    /// <summary>Rows of each shard.</summary>
    public ReadOnlySpan<int> RowCounts => _rowCounts;

    /// <summary>For each shard, <see cref="DatasetFingerprint.OfRows"/>.</summary>
    public ReadOnlySpan<string> Hashes => _hashes;

    /// <summary>Added up row by row in each shard, then shard by shard: every parameter rests on it, so its order is fixed here.</summary>
    public double WeightSum
    {
        get
        {
            var total = 0.0;
            foreach (var sum in _weightSums) total += sum;
            return total;
        }
    }

    /// <summary>Takes the next shards.</summary>
    /// <param name="rowsOf">Asked once for each, by its place among them, from any thread.</param>
    public void Take(int count, Func<int, ShardRows> rowsOf)
    {
        var first = _taken;
        if (sums is null) parallel.Run(count, i => Note(i));
        else sums.Add(count, Note, parallel);
        _taken += count;

        ShardRows Note(int i)
        {
            var rows = rowsOf(i);
            (_rowCounts[first + i], _hashes[first + i], _weightSums[first + i]) =
                (rows.RowCount, DatasetFingerprint.OfRows(rows), WeightSumOf(rows));
            return rows;
        }
    }

    static double WeightSumOf(ShardRows shard)
    {
        var sum = 0.0;
        for (var row = 0; row < shard.RowCount; row++) sum += shard.WeightOf(row);
        return sum;
    }
}
