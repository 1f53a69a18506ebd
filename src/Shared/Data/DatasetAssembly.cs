using System.Collections.Immutable;
using DistTrain.Data.Direct;
using DistTrain.Data.Preparation;
using DistTrain.Data.Schema;
using DistTrain.Data.Statistics;
using DistTrain.Data.Storage;
using DistTrain.Numerics;

namespace DistTrain.Data;

/// <summary>The last part of building: schema, classes and layout being settled, rows go to their shards and are summed up.</summary>
sealed class DatasetAssembly(FeatureSchema schema, ClassList classes, StoragePlan plan, ulong seed, IParallelFor parallel)
{
    readonly FeatureLayout _layout = plan.Layout;
    readonly int _classCount = classes.Active.Length;

    /// <summary>A dataset to train on.</summary>
    /// <param name="tables">The input, then the validation table if there is one.</param>
    public Dataset Assemble(ImmutableArray<AlignedTable> tables, RowSplit split, int? shardsAsked)
    {
        var trainingCount = TrainingShardCount(split.Training.Length, shardsAsked);
        var placement = new RowPlacement(tables[0].Table.RowCount);
        var training = Cut(tables[0], placement, split.Training, trainingCount, DatasetPart.Training);
        var heldOut = CutByDefault(tables[0], placement, split.Validation);
        Encode(tables[0], placement);

        return tables.Length == 1
            ? ToDataset(training, heldOut)
            : ToDataset(training, Shuffled(tables[1]));
    }

    public FeatureLayout Layout => _layout;

    public int TrainingShardCount(int rowCount, int? asked) =>
        ShardPlan.CountOf(asked, rowCount, _layout, _classCount);

    public int DefaultShardCount(int rowCount) => ShardPlan.DefaultCount(rowCount, _layout, _classCount);

    /// <summary>All rows of a table, in their order, as one shard.</summary>
    public ShardRows AssembleShard(AlignedTable aligned, DatasetPart part)
    {
        var placement = new RowPlacement(aligned.Table.RowCount);
        var shard = Cut(aligned, placement, [.. Enumerable.Range(0, aligned.Table.RowCount)], shardCount: 1, part)[0];
        Encode(aligned, placement);
        return shard;
    }

    /// <summary>A dataset to be judged, its rows in the order of the input.</summary>
    public Dataset AssembleInOrder(AlignedTable aligned) =>
        ToDataset([], Ordered(aligned, [.. Enumerable.Range(0, aligned.Table.RowCount)]));

    ImmutableArray<ShardRows> Shuffled(AlignedTable aligned) =>
        Ordered(aligned, RowSplit.AllHeldOut(aligned.Table.RowCount, seed).Validation);

    ImmutableArray<ShardRows> Ordered(AlignedTable aligned, int[] rows)
    {
        var placement = new RowPlacement(rows.Length);
        var shards = CutByDefault(aligned, placement, rows);
        Encode(aligned, placement);
        return shards;
    }

    ImmutableArray<ShardRows> CutByDefault(AlignedTable aligned, RowPlacement placement, int[] rows) =>
        Cut(aligned, placement, rows, DefaultShardCount(rows.Length), DatasetPart.Validation);

    ImmutableArray<ShardRows> Cut(AlignedTable aligned, RowPlacement placement, int[] rows, int shardCount, DatasetPart part) =>
        placement.Cut(
            rows, shardCount, rowCount => new ShardRows(rowCount, _layout, aligned.Table.Weights is not null, _layout.FormatOf(part)));

    void Encode(AlignedTable aligned, RowPlacement placement)
    {
        var labels = aligned.Table.Label is null
            ? Enumerable.Repeat(-1, aligned.Table.RowCount).ToArray()
            : ClassLearning.ShardLabelsOf(aligned.Table, classes);
        if (aligned.Columns is [(IndexedColumnsSchema schema, CountedColumns counted)])
            new CountedEncoder(counted, schema, plan, labels, placement).Encode();
        else
            new TableEncoder(aligned, plan, labels, placement).Encode();
    }

    /// <summary>The dataset of shards whose rows are there.</summary>
    /// <param name="rounding">Of the training rows, where others rounded them; null: as they say.</param>
    public Dataset ToDataset(ImmutableArray<ShardRows> training, ImmutableArray<ShardRows> validation, RoundingSums? rounding = null) =>
        ToDataset(
            training.Length, validation.Length, (part, shard) => (part == DatasetPart.Training ? training : validation)[shard.Index], rounding);

    /// <summary>The dataset of shards whose rows are made when they are asked for, once, and let go when they are laid out.</summary>
    public Dataset ToDataset(
        int trainingCount, int validationCount, Func<DatasetPart, ShardId, ShardRows> rowsOf, RoundingSums? rounding = null)
    {
        var sums = new FeatureSums(_classCount, _layout, parallel.Degree);
        var training = ShardSurvey.Of(trainingCount, shard => rowsOf(DatasetPart.Training, shard), sums, parallel);
        var validation = ShardSurvey.Of(validationCount, shard => rowsOf(DatasetPart.Validation, shard), sums: null, parallel);
        var manifest = new DatasetManifest
        {
            Fingerprint = DatasetFingerprint.Of(schema, classes, _layout, seed, training.Hashes, validation.Hashes),
            Seed = seed,
            Layout = _layout,
            ClassCount = _classCount,
            InactiveClasses = classes.Inactive,
            TrainingRows = [.. training.Forms.Select(shard => shard.RowCount)],
            ValidationRows = [.. validation.Forms.Select(shard => shard.RowCount)],
            WeightSum = training.WeightSum,
            ValidationWeightSum = validation.WeightSum,
            ClassWeights = [.. sums.ClassWeights],
            AbsoluteSums = sums.Absolutes(),
            Sums = sums.Sums(),
            SquareSums = sums.Squares(),
            ClassFeatureSums = sums.ByClass(),
            ClassSquareSums = sums.SquaresByClass(),
            Rounding = rounding ?? training.Rounding,
        };
        return new Dataset(manifest, schema, classes, training.Forms, validation.Forms);
    }
}
