using DistTrain.Data.Storage;

namespace DistTrain.Data.Direct;

/// <summary>The plan for shards that are filled group by group, the first of which is filled. To be made once.</summary>
/// <param name="groups">The first has room.</param>
/// <param name="labels">For each row of the input, as <see cref="Shard.Labels"/>.</param>
/// <param name="fill">Fills the shards that have room.</param>
sealed class GroupedPlan(DatasetAssembly assembly, ShardGroups groups, int[] labels, Action fill)
    : StreamedPlan(assembly, groups.ShardCountOf(DatasetPart.Training), groups.ShardCountOf(DatasetPart.Validation))
{
    public override int PassCount => groups.Count;

    private protected override void MakeShards(ShardsMade take)
    {
        for (var g = 0; g < groups.Count; g++)
        {
            if (g > 0)
            {
                groups.Hold(g);
                fill();
            }
            var (part, _, count) = groups[g];
            take(part, count, shard => WithLabels(groups.RowsOf(part, shard.Index)));
        }
    }

    ShardRows WithLabels(ShardRows rows)
    {
        for (var i = 0; i < rows.RowCount; i++) rows.Labels[i] = labels[rows.SourceRows[i]];
        return rows;
    }
}
