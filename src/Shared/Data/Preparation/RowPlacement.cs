using System.Collections.Immutable;
using DistTrain.Data.Storage;

namespace DistTrain.Data.Preparation;

/// <summary>For each row of a table, the shard it falls into and its position there; null where it takes no part, or its shard has no room.</summary>
sealed class RowPlacement(int rowCount)
{
    readonly List<ShardRows?> _shards = [];

    /// <summary>For each row, 1 more than the number of its shard; 0 where it takes no part.</summary>
    readonly int[] _shardOf = new int[rowCount];
    readonly int[] _positionOf = new int[rowCount];

    /// <summary>All shards that were cut; null where one has no room now.</summary>
    public IReadOnlyList<ShardRows?> Shards => _shards;

    public (ShardRows? Shard, int Position) this[int row] =>
        (_shardOf[row] == 0 ? null : _shards[_shardOf[row] - 1], _positionOf[row]);

    /// <summary>The number of the row's shard among <see cref="Shards"/>; −1 where it takes no part.</summary>
    public int ShardIndexOf(int row) => _shardOf[row] - 1;

    /// <summary>Cuts rows, in the order given, into shards with room for them.</summary>
    public ImmutableArray<ShardRows> Cut(int[] rows, int shardCount, Func<int, ShardRows> room)
    {
        var (shards, before) = (ImmutableArray.CreateBuilder<ShardRows>(shardCount), _shards.Count);
        foreach (var (shard, rowCount) in Cut(rows, shardCount).Index())
        {
            shards.Add(room(rowCount));
            Hold(before + shard, shards[shard]);
        }
        return shards.MoveToImmutable();
    }

    /// <summary>Cuts rows into shards without room, which <see cref="Hold"/> gives them.</summary>
    /// <returns>Rows of each shard.</returns>
    public int[] Cut(int[] rows, int shardCount)
    {
        var rowCounts = new int[shardCount];
        for (var s = 0; s < shardCount; s++)
        {
            var (first, end) = (Pieces.StartOf(s, shardCount, rows.Length), Pieces.StartOf(s + 1, shardCount, rows.Length));
            rowCounts[s] = end - first;
            _shards.Add(null);
            for (var i = first; i < end; i++) (_shardOf[rows[i]], _positionOf[rows[i]]) = (_shards.Count, i - first);
        }
        return rowCounts;
    }

    /// <summary>Gives a shard its room, or takes it away.</summary>
    /// <param name="shard">Its number among all that were cut.</param>
    public void Hold(int shard, ShardRows? rows) => _shards[shard] = rows;
}
