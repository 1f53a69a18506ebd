using System.Collections.Immutable;
using DistTrain.Data.Preparation;
using DistTrain.Data.Schema;
using DistTrain.Data.Storage;
using DistTrain.Data.Tables;
using DistTrain.Numerics;

namespace DistTrain.Data;

/// <summary>A dataset that is decided on and not made yet: schema, classes and layout are settled, no room for rows is taken.</summary>
public sealed class DatasetPlan
{
    readonly FeatureSchema _schema;
    readonly ClassList _classes;
    readonly StoragePlan _storage;
    readonly ImmutableArray<AlignedTable> _tables;
    readonly RowSplit _split;
    readonly DatasetOptions _options;

    DatasetPlan(
        FeatureSchema schema, ClassList classes, ImmutableArray<AlignedTable> tables, RowSplit split, DatasetOptions options)
    {
        var contents = FeatureContents.Of(schema, tables.AsSpan());
        var storages = StorageRule.Choose(schema, contents, centersAreFixed: false);
        (_schema, _classes, _tables, _split, _options) = (schema.CenteredWhereDense(storages), classes, tables, split, options);
        _storage = StoragePlan.Of(_schema, storages, options.DenseFormat);
        Size = SizeOf(contents, storages);
    }

    public DatasetSize Size { get; }

    /// <summary>What there is to say about it, one printable line each: classes with hardly any rows.</summary>
    public ImmutableArray<string> Findings => RareClasses.Findings([.. _tables.Select(aligned => aligned.Table)], _split.HeldOut, _classes);

    /// <summary>The plan for rows to train on: classes and schema are learnt here.</summary>
    internal static DatasetPlan Of(Table training, Table? validation, RowSplit split, DatasetOptions options)
    {
        var classes = ClassLearning.Learn(training, validation, split.HeldOut, options);
        var learnt = SchemaLearning.Learn(training, validation, split.HeldOut, options.MissingAsMean);
        ImmutableArray<AlignedTable> tables =
            [AlignedTable.Align(training, learnt), .. validation is null ? [] : new[] { AlignedTable.Align(validation, learnt) }];
        return new DatasetPlan(learnt, classes, tables, split, options);
    }

    /// <summary>Makes the dataset.</summary>
    /// <param name="parallel">Runs its pieces; null: one after the other. The dataset is the same.</param>
    /// <exception cref="Problems.DistTrainException">The number of shards asked for cannot work (exit 3).</exception>
    public Dataset Assemble(IParallelFor? parallel = null) =>
        new DatasetAssembly(_schema, _classes, _storage, _options.Seed, parallel ?? SerialFor.Instance)
            .Assemble(_tables, _split, _options.Shards);

    DatasetSize SizeOf(FeatureContents contents, FeatureStorage[] storages) => new()
    {
        FeatureCount = _storage.Layout.FeatureCount,
        ClassCount = _classes.Active.Length,
        RowCount = contents.RowCount,
        DenseStride = _storage.Layout.DenseStride,
        HalvedRowCount = _storage.Layout.TrainingFormat == DenseFormat.Full ? 0 : _split.Training.Length,
        CodedCount = _storage.Layout.Coded.Length,
        NonzeroCount = NonzeroCount(contents, storages),
        TableBytes = _tables.Sum(aligned => TableMemory.BytesOf(aligned.Table)),
    };

    /// <summary>A category has one level a row; numbers are counted.</summary>
    long NonzeroCount(FeatureContents contents, FeatureStorage[] storages)
    {
        var (count, feature) = (0L, 0);
        foreach (var column in _schema.Columns)
        {
            for (var i = 0; i < column.FeatureCount; i++)
            {
                if (storages[feature + i] != FeatureStorage.Sparse) continue;
                count += column is CategoricalColumnSchema ? (i == 0 ? contents.RowCount : 0) : contents.NonzeroCounts[feature + i];
            }
            feature += column.FeatureCount;
        }
        return count;
    }
}
