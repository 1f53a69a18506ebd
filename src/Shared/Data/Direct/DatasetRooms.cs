using System.Collections.Immutable;
using DistTrain.Data.Preparation;
using DistTrain.Data.Storage;
using DistTrain.Numerics;

namespace DistTrain.Data.Direct;

/// <summary>Shards with room for their rows, and where each row of the input falls into them.</summary>
sealed record DatasetRooms(RowPlacement Placement, ImmutableArray<ShardRows> Training, ImmutableArray<ShardRows> Validation)
{
    /// <summary>Shards as <see cref="DatasetAssembly"/> cuts them, for a layout without sparse features, where classes have no say.</summary>
    public static DatasetRooms Of(RowSplit split, int? shardsAsked, FeatureLayout layout, int classCount, bool isWeighted)
    {
        var placement = new RowPlacement(split.HeldOut.Length);
        var trainingCount = ShardPlan.CountOf(shardsAsked, split.Training.Length, layout, classCount);
        var validationCount = ShardPlan.DefaultCount(split.Validation.Length, layout, classCount);
        return new DatasetRooms(
            placement,
            placement.Cut(new ShardCut(split.Training, trainingCount, DatasetPart.Training), Room),
            placement.Cut(new ShardCut(split.Validation, validationCount, DatasetPart.Validation), Room));

        ShardRows Room(int rowCount, DatasetPart part) =>
            new(rowCount, layout, isWeighted, DenseRows.Uninitialized(rowCount, layout.DenseStride, layout.FormatOf(part)));
    }

    /// <param name="labels">For each row of the input, as <see cref="Shard.Labels"/>.</param>
    public void SetLabels(int[] labels, IParallelFor parallel)
    {
        var shards = Training.AddRange(Validation);
        parallel.Run(shards.Length, s =>
        {
            var (ofShard, rows) = (shards[s].Labels, shards[s].SourceRows);
            for (var i = 0; i < ofShard.Length; i++) ofShard[i] = labels[rows[i]];
        });
    }
}
