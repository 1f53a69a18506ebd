using System.Collections.Immutable;
using DistTrain.Data.Preparation;
using DistTrain.Data.Storage;

namespace DistTrain.Data.Direct;

/// <summary>
/// The shards of a dataset of dense features where memory holds some at a time: in their order, the training shards first, they are cut into
/// groups, each of one part. One group at a time has room, which the next one takes over.
/// </summary>
sealed class ShardGroups
{
    readonly FeatureLayout _layout;
    readonly bool _isWeighted;
    readonly ImmutableArray<ShardGroup> _groups;
    readonly ImmutableArray<int> _rowCounts;
    readonly int _trainingCount;

    /// <summary>Dense rows, lent to one group after the other.</summary>
    readonly DenseRows[] _rooms;

    /// <param name="bytesMax">What a group's shards may take; one is held at least.</param>
    public ShardGroups(RowSplit split, int? shardsAsked, FeatureLayout layout, int classCount, bool isWeighted, long bytesMax)
    {
        (_layout, _isWeighted) = (layout, isWeighted);
        Placement = new RowPlacement(split.HeldOut.Length);
        var training = Placement.Cut(new ShardCut(
            split.Training, ShardPlan.CountOf(shardsAsked, split.Training.Length, layout, classCount), DatasetPart.Training));
        var validation = Placement.Cut(new ShardCut(
            split.Validation, ShardPlan.DefaultCount(split.Validation.Length, layout, classCount), DatasetPart.Validation));
        (_trainingCount, _rowCounts) = (training.Length, [.. training, .. validation]);

        var rowsMax = _rowCounts.Max();
        var size = (int)Math.Clamp(bytesMax / BytesOf(rowsMax, layout), 1, Math.Max(training.Length, validation.Length));
        _groups = [.. GroupsOf(DatasetPart.Training, training.Length, size), .. GroupsOf(DatasetPart.Validation, validation.Length, size)];
        _rooms = new DenseRows[size];
        for (var i = 0; i < size; i++) _rooms[i] = DenseRows.Uninitialized(rowsMax, layout.DenseStride);
    }

    public RowPlacement Placement { get; }

    public int Count => _groups.Length;

    public ShardGroup this[int group] => _groups[group];

    /// <summary>Rows, labels, weights and numbers of rows.</summary>
    public static long BytesOf(int rowCount, FeatureLayout layout) => (long)rowCount * (layout.DenseStride + 3) * sizeof(float);

    public int ShardCountOf(DatasetPart part) => part == DatasetPart.Training ? _trainingCount : _rowCounts.Length - _trainingCount;

    /// <summary>A shard of the group that has room.</summary>
    public ShardRows RowsOf(DatasetPart part, int shard) => Placement.Shards[NumberOf(part, shard)]!;

    /// <summary>Takes the room from the group before and gives it to this one.</summary>
    public void Hold(int group)
    {
        if (group > 0) ForEach(_groups[group - 1], (number, _) => Placement.Hold(number, null));
        ForEach(_groups[group], (number, place) =>
        {
            var dense = _rooms[place].Reuse(_rowCounts[number], _layout.FormatOf(_groups[group].Part));
            Placement.Hold(number, new ShardRows(_rowCounts[number], _layout, _isWeighted, dense));
        });
    }

    void ForEach(ShardGroup group, Action<int, int> visit)
    {
        for (var i = 0; i < group.Count; i++) visit(NumberOf(group.Part, group.First + i), i);
    }

    int NumberOf(DatasetPart part, int shard) => part == DatasetPart.Training ? shard : _trainingCount + shard;

    static IEnumerable<ShardGroup> GroupsOf(DatasetPart part, int shardCount, int size)
    {
        for (var first = 0; first < shardCount; first += size) yield return new ShardGroup(part, first, Math.Min(size, shardCount - first));
    }
}

/// <summary>Shards of a part that follow each other.</summary>
readonly record struct ShardGroup(DatasetPart Part, int First, int Count);
