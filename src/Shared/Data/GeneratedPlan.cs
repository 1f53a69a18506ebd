using DistTrain.Data.Preparation;
using DistTrain.Data.Schema;
using DistTrain.Data.Storage;
using DistTrain.Numerics;

namespace DistTrain.Data;

/// <summary>The plan for rows that are made when they are wanted: each shard by itself.</summary>
public sealed class GeneratedPlan : StreamedPlan
{
    readonly IRowSource _rows;
    readonly FeatureSchema _schema;
    readonly RowSplit _split;
    readonly DatasetAssembly _assembly;

    GeneratedPlan(IRowSource rows, RowSplit split, DatasetAssembly assembly, int? shardsAsked)
        : base(assembly, assembly.TrainingShardCount(split.Training.Length, shardsAsked), assembly.DefaultShardCount(split.Validation.Length)) =>
        (_rows, _schema, _split, _assembly) = (rows, assembly.Schema, split, assembly);

    /// <summary>Looks at every row once.</summary>
    /// <exception cref="Problems.DistTrainException">The options cannot work (exit 3), or the rows do not do (exit 4).</exception>
    public static GeneratedPlan Of(IRowSource rows, DatasetOptions options, IParallelFor parallel)
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
        return new GeneratedPlan(rows, split, assembly, options.Shards);
    }

    private protected override void MakeShards(ShardsMade take)
    {
        foreach (var part in Enum.GetValues<DatasetPart>()) take(part, ShardCountOf(part), shard => MakeShard(part, shard));
    }

    ShardRows MakeShard(DatasetPart part, ShardId shard)
    {
        var rows = part == DatasetPart.Training ? _split.Training : _split.Validation;
        var numbers = new ShardCut(rows, ShardCountOf(part), part).RowsOf(shard);
        var made = _assembly.AssembleShard(AlignedTable.Align(_rows.TableOf(numbers), _schema), part);
        numbers.CopyTo(made.SourceRows);
        return made;
    }
}
