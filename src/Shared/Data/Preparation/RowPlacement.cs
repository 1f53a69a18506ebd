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

    /// <summary>Makes room for the rows of a cut, shard by shard.</summary>
    public ImmutableArray<ShardRows> Cut(ShardCut cut, Func<int, DatasetPart, ShardRows> room)
    {
        var (shards, before) = (ImmutableArray.CreateBuilder<ShardRows>(cut.ShardCount), _shards.Count);
        foreach (var (shard, rowCount) in Cut(cut).Index())
        {
            shards.Add(room(rowCount, cut.Part));
            Hold(before + shard, shards[shard]);
        }
        return shards.MoveToImmutable();
    }

    /// <summary>Takes the places of the rows of a cut; <see cref="Hold"/> gives its shards their room.</summary>
    /// <returns>Rows of each shard.</returns>
    public int[] Cut(ShardCut cut)
    {
        var rowCounts = new int[cut.ShardCount];
        for (var s = 0; s < rowCounts.Length; s++)
        {
            var rows = cut.RowsOf(new ShardId(s));
            rowCounts[s] = rows.Length;
            _shards.Add(null);
            for (var i = 0; i < rows.Length; i++) (_shardOf[rows[i]], _positionOf[rows[i]]) = (_shards.Count, i);
        }
        return rowCounts;
    }

    /// <summary>Gives a shard its room, or takes it away.</summary>
    /// <param name="shard">Its number among all that were cut.</param>
    public void Hold(int shard, ShardRows? rows) => _shards[shard] = rows;
}
