using DistTrain.Data.Storage;

namespace DistTrain.Data.Preparation;

/// <summary>Rows of a table, in an order, cut into shards.</summary>
/// <param name="Rows">Their numbers in the table.</param>
/// <param name="Part">What they are for.</param>
sealed record ShardCut(int[] Rows, int ShardCount, DatasetPart Part)
{
    public ReadOnlySpan<int> RowsOf(ShardId shard) => Rows.AsSpan(
        Pieces.StartOf(shard.Index, ShardCount, Rows.Length)..Pieces.StartOf(shard.Index + 1, ShardCount, Rows.Length));
}
