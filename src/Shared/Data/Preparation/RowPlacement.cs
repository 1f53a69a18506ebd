using System.Collections.Immutable;
using DistTrain.Data.Storage;

namespace DistTrain.Data.Preparation;

/// <summary>For each row of a table, the shard it falls into and its position there; null where it takes no part.</summary>
sealed class RowPlacement(int rowCount)
{
    readonly List<ShardRows> _shards = [];

    /// <summary>For each row, 1 more than the number of its shard; 0 where it takes no part.</summary>
    readonly int[] _shardOf = new int[rowCount];
    readonly int[] _positionOf = new int[rowCount];

    public (ShardRows? Shard, int Position) this[int row] =>
        (_shardOf[row] == 0 ? null : _shards[_shardOf[row] - 1], _positionOf[row]);

    /// <summary>Makes room for the rows of a cut, shard by shard.</summary>
    public ImmutableArray<ShardRows> Cut(ShardCut cut, Func<int, DatasetPart, ShardRows> room)
    {
        var shards = ImmutableArray.CreateBuilder<ShardRows>(cut.ShardCount);
        for (var s = 0; s < cut.ShardCount; s++)
        {
            var rows = cut.RowsOf(new ShardId(s));
            var shard = room(rows.Length, cut.Part);
            shards.Add(shard);
            _shards.Add(shard);
            for (var i = 0; i < rows.Length; i++) (_shardOf[rows[i]], _positionOf[rows[i]]) = (_shards.Count, i);
        }
        return shards.MoveToImmutable();
    }
}
