using System.Collections.Immutable;
using DistTrain.Data.Preparation;
using DistTrain.Data.Schema;
using DistTrain.Data.Storage;
using DistTrain.Numerics;

namespace DistTrain.Data;

/// <summary>
/// A dataset of rows that are made when they are wanted: settled as <see cref="DatasetPlan"/> settles one of a table, and made shard by shard,
/// so that memory need never hold more than those at work. It is the same dataset in every bit.
/// </summary>
public sealed class StreamedPlan
{
    readonly IRowSource _rows;
    readonly FeatureSchema _schema;
    readonly RowSplit _split;
    readonly DatasetAssembly _assembly;
    readonly int _trainingShardCount;

    StreamedPlan(IRowSource rows, FeatureSchema schema, RowSplit split, DatasetAssembly assembly, int? shardsAsked)
    {
        (_rows, _schema, _split, _assembly) = (rows, schema, split, assembly);
        _trainingShardCount = assembly.TrainingShardCount(split.Training.Length, shardsAsked);
    }

    /// <summary>Looks at every row once.</summary>
    /// <exception cref="Problems.DistTrainException">The options cannot work (exit 3), or the rows do not do (exit 4).</exception>
    public static StreamedPlan Of(IRowSource rows, DatasetOptions options, IParallelFor parallel)
    {
        if (options.Problems().FirstOrDefault() is { } problem) throw problem.AsException();
        var split = RowSplit.Of(rows.RowCount, options.ValidationFraction, options.Seed);
        if (split.Training.Length == 0) throw DatasetProblems.NothingToTrainOn(options.ValidationFraction).AsException();

        // A table of the sample alone is a sample of itself: its means are the centres.
        var sample = rows.TableOf(CenterSample.RowsOf(split.HeldOut));
        var learnt = SchemaLearning.Learn(sample, null, new bool[sample.RowCount], options.MissingAsMean);
        var contents = StreamedContents.Of(rows, learnt, split.HeldOut, parallel);
        var (labelled, heldOut) = contents.LabelledRows();
        var classes = ClassLearning.Learn(labelled, null, heldOut, options);
        var storages = StorageRule.Choose(learnt, contents.Features!, centersAreFixed: false);
        var schema = learnt.CenteredWhereDense(storages);
        var assembly = new DatasetAssembly(schema, classes, StoragePlan.Of(schema, storages, options.DenseFormat), options.Seed, parallel);
        return new StreamedPlan(rows, schema, split, assembly, options.Shards);
    }

    internal FeatureLayout Layout => _assembly.Layout;

    internal int ShardCountOf(DatasetPart part) =>
        part == DatasetPart.Training ? _trainingShardCount : _assembly.DefaultShardCount(_split.Validation.Length);

    /// <summary>Makes the rows of one shard; from any thread.</summary>
    internal ShardRows Make(DatasetPart part, ShardId shard)
    {
        var numbers = new ShardCut(part == DatasetPart.Training ? _split.Training : _split.Validation, ShardCountOf(part), part).RowsOf(shard);
        var made = _assembly.AssembleShard(AlignedTable.Align(_rows.TableOf(numbers), _schema), part);
        numbers.CopyTo(made.SourceRows);
        return made;
    }

    /// <summary>The dataset of the shards that were made, wherever they are held by now.</summary>
    /// <param name="rounding">Of the training rows, when they were made.</param>
    internal Dataset Assemble(ImmutableArray<ShardRows> training, ImmutableArray<ShardRows> validation, RoundingSums rounding) =>
        _assembly.ToDataset(training, validation, rounding);
}
