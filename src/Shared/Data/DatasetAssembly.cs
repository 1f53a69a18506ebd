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
        var training = new ShardCut(split.Training, TrainingShardCount(split.Training.Length, shardsAsked), DatasetPart.Training);
        if (tables.Length == 1)
        {
            var validation = CutByDefault(split.Validation);
            var shards = ShardsOf(tables[0], training, validation);
            return ToDataset(training.ShardCount, validation.ShardCount, (part, shard) => shards(part == DatasetPart.Training ? training : validation, shard));
        }
        var others = CutByDefault(RowSplit.AllHeldOut(tables[1].Table.RowCount, seed).Validation);
        var (ofFirst, ofSecond) = (ShardsOf(tables[0], training), ShardsOf(tables[1], others));
        return ToDataset(training.ShardCount, others.ShardCount, (part, shard) =>
            part == DatasetPart.Training ? ofFirst(training, shard) : ofSecond(others, shard));
    }

    public FeatureSchema Schema => schema;

    public ClassList Classes => classes;

    public FeatureLayout Layout => _layout;

    public int TrainingShardCount(int rowCount, int? asked) =>
        ShardPlan.CountOf(asked, rowCount, _layout, _classCount);

    public int DefaultShardCount(int rowCount) => ShardPlan.DefaultCount(rowCount, _layout, _classCount);

    /// <summary>All rows of a table, in their order, as one shard.</summary>
    public ShardRows AssembleShard(AlignedTable aligned, DatasetPart part)
    {
        var all = new ShardCut(AllRowsOf(aligned), 1, part);
        return ShardsOf(aligned, all)(all, new ShardId(0));
    }

    /// <summary>A dataset to be judged, its rows in the order of the input.</summary>
    public Dataset AssembleInOrder(AlignedTable aligned)
    {
        var all = CutByDefault(AllRowsOf(aligned));
        var shards = ShardsOf(aligned, all);
        return ToDataset(0, all.ShardCount, (_, shard) => shards(all, shard));
    }

    static int[] AllRowsOf(AlignedTable aligned) => [.. Enumerable.Range(0, aligned.Table.RowCount)];

    ShardCut CutByDefault(int[] rows) => new(rows, DefaultShardCount(rows.Length), DatasetPart.Validation);

    /// <summary>Makes the shards of some cuts of a table's rows, each when it is asked for, once; or has made them all.</summary>
    Func<ShardCut, ShardId, ShardRows> ShardsOf(AlignedTable aligned, params ReadOnlySpan<ShardCut> cuts)
    {
        var labels = aligned.Table.Label is null
            ? Enumerable.Repeat(-1, aligned.Table.RowCount).ToArray()
            : ClassLearning.ShardLabelsOf(aligned.Table, classes);
        if (aligned.Columns is [(IndexedColumnsSchema schema, CompactColumns compact)])
        {
            if (!compact.Rows.AreHeld) compact.Rows.Hold(AllRowsOf(aligned));
            var encoder = new CompactEncoder(compact, schema, plan, labels);
            return (cut, shard) => encoder.Make(cut, shard);
        }
        var placement = new RowPlacement(aligned.Table.RowCount);
        var made = new Dictionary<ShardCut, ImmutableArray<ShardRows>>();
        foreach (var cut in cuts)
            made.Add(cut, placement.Cut(cut, Room));
        new TableEncoder(aligned, plan, labels, placement).Encode();
        return (cut, shard) => made[cut][shard.Index];

        ShardRows Room(int rowCount, DatasetPart part) => new(rowCount, _layout, aligned.Table.Weights is not null, _layout.FormatOf(part));
    }

    /// <summary>The dataset of shards whose rows are there.</summary>
    public Dataset ToDataset(ImmutableArray<ShardRows> training, ImmutableArray<ShardRows> validation) =>
        ToDataset(training.Length, validation.Length, (part, shard) => (part == DatasetPart.Training ? training : validation)[shard.Index]);

    /// <summary>The dataset of shards whose rows are made when they are asked for, once, and let go when they are laid out.</summary>
    public Dataset ToDataset(int trainingCount, int validationCount, Func<DatasetPart, ShardId, ShardRows> rowsOf)
    {
        var (training, validation) = (SurveyOf(DatasetPart.Training, trainingCount), SurveyOf(DatasetPart.Validation, validationCount));
        var (trainingForms, validationForms) = (new Shard[trainingCount], new Shard[validationCount]);
        training.Take(trainingCount, shard => rowsOf(DatasetPart.Training, shard), form => trainingForms[form.Id.Index] = form);
        validation.Take(validationCount, shard => rowsOf(DatasetPart.Validation, shard), form => validationForms[form.Id.Index] = form);
        PanelScratch.Forget();
        return new Dataset(ManifestOf(training, validation), schema, classes, [.. trainingForms], [.. validationForms]);
    }

    /// <summary>Looks at the shards of a part.</summary>
    public ShardSurvey SurveyOf(DatasetPart part, int shardCount) =>
        new(shardCount, part == DatasetPart.Training ? new FeatureSums(_classCount, _layout, parallel.Degree) : null, parallel);

    /// <param name="training">Of all training shards.</param>
    /// <param name="validation">Of all validation shards.</param>
    public DatasetManifest ManifestOf(ShardSurvey training, ShardSurvey validation)
    {
        var (sums, trainingHashes, validationHashes) = (training.Sums!, training.Hashes.ToImmutableArray(), validation.Hashes.ToImmutableArray());
        return new DatasetManifest
        {
            Fingerprint = DatasetFingerprint.Of(schema, classes, _layout, seed, trainingHashes, validationHashes),
            Seed = seed,
            Layout = _layout,
            ClassCount = _classCount,
            InactiveClasses = classes.Inactive,
            TrainingRows = [.. training.RowCounts],
            ValidationRows = [.. validation.RowCounts],
            TrainingHashes = trainingHashes,
            ValidationHashes = validationHashes,
            WeightSum = training.WeightSum,
            ValidationWeightSum = validation.WeightSum,
            ClassWeights = [.. sums.ClassWeights],
            AbsoluteSums = sums.Absolutes(),
            Sums = sums.Sums(),
            SquareSums = sums.Squares(),
            ClassFeatureSums = sums.ByClass(),
            ClassSquareSums = sums.SquaresByClass(),
            Rounding = training.Rounding,
        };
    }
}
