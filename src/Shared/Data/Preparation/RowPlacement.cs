using System.Collections.Immutable;
using DistTrain.Data.Storage;

namespace DistTrain.Data.Preparation;

/// <summary>For each row of a table, the shard it falls into and its position there; null where it takes no part.</summary>
sealed class RowPlacement(int rowCount)
{
    readonly ShardRows?[] _shardOf = new ShardRows?[rowCount];
    readonly int[] _positionOf = new int[rowCount];

    public (ShardRows? Shard, int Position) this[int row] => (_shardOf[row], _positionOf[row]);

    /// <summary>Cuts rows, in the order given, into shards with room for them.</summary>
    public ImmutableArray<ShardRows> Cut(int[] rows, int shardCount, Func<int, ShardRows> room)
    {
        var shards = ImmutableArray.CreateBuilder<ShardRows>(shardCount);
        for (var s = 0; s < shardCount; s++)
        {
            var (first, end) = (Pieces.StartOf(s, shardCount, rows.Length), Pieces.StartOf(s + 1, shardCount, rows.Length));
            var shard = room(end - first);
            for (var i = first; i < end; i++) (_shardOf[rows[i]], _positionOf[rows[i]]) = (shard, i - first);
            shards.Add(shard);
        }
        return shards.MoveToImmutable();
    }
}
