using System.Collections.Immutable;
using DistTrain.Data.Direct;
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

    /// <summary>
    /// Its size where it is made by <see cref="Streamed"/>: the table without the rows of the input that are read again, and the largest shard;
    /// null where it can only be made as a whole.
    /// </summary>
    /// <exception cref="Problems.DistTrainException">The number of shards asked for cannot work (exit 3).</exception>
    public DatasetSize? StreamedSize => Compact is not { } columns ? null : Size with
    {
        TableBytes = Size.TableBytes - (columns.Rows.AreHeld ? 0 : columns.Rows.Bytes),
        LargestShard = LargestShard(),
    };

    /// <summary>What the rows of the largest shard take where <see cref="Streamed"/> reads them again; 0 where it need not.</summary>
    public long LargestShardRowBytes =>
        Compact is { Rows: { AreHeld: false, Bytes: var bytes } } ? (long)Math.Ceiling((double)bytes / Size.RowCount * LargestShard().RowCount) : 0;

    /// <summary>The same dataset made some shards at a time; of LIBSVM alone, without a table to validate on.</summary>
    /// <param name="rowBytes">What the rows of shards that are made from one reading of the text may take; those of one shard are held at least.</param>
    /// <param name="parallel">Runs its pieces.</param>
    /// <exception cref="Problems.DistTrainException">The number of shards asked for cannot work (exit 3).</exception>
    public StreamedPlan Streamed(long rowBytes, IParallelFor parallel) => new CompactPlan(
        new DatasetAssembly(_schema, _classes, _storage, _options.Seed, parallel),
        Compact ?? throw new InvalidOperationException("Only LIBSVM is made some shards at a time."),
        _storage, ClassLearning.ShardLabelsOf(_tables[0].Table, _classes), _split, _options.Shards, rowBytes);

    CompactColumns? Compact => _tables is [{ Columns: [(_, CompactColumns columns)] }] ? columns : null;

    (int RowCount, long NonzeroCount) LargestShard()
    {
        var (training, validation) = (_split.Training.Length, _split.Validation.Length);
        var rows = Math.Max(Pieces.LargestOf(TrainingShardCount, training), Pieces.LargestOf(DefaultShardCount(validation), validation));
        return (rows, (long)Math.Ceiling((double)Size.NonzeroCount / Size.RowCount * rows));
    }

    int TrainingShardCount => ShardPlan.CountOf(_options.Shards, _split.Training.Length, _storage.Layout, _classes.Active.Length);

    int DefaultShardCount(int rowCount) => ShardPlan.DefaultCount(rowCount, _storage.Layout, _classes.Active.Length);

    DatasetSize SizeOf(FeatureContents contents, FeatureStorage[] storages)
    {
        var sparse = SparseSizeOf(contents, storages);
        return new()
        {
            FeatureCount = _storage.Layout.FeatureCount,
            ClassCount = _classes.Active.Length,
            RowCount = contents.RowCount,
            DenseStride = _storage.Layout.DenseStride,
            HalvedRowCount = _storage.Layout.TrainingFormat == DenseFormat.Full ? 0 : _split.Training.Length,
            CodedCount = _storage.Layout.Coded.Length,
            NonzeroCount = sparse.Nonzeros,
            ValuedNonzeroCount = sparse.Valued,
            SparseColumnCount = sparse.Columns,
            TableBytes = _tables.Sum(aligned => TableMemory.BytesOf(aligned.Table)),
        };
    }

    /// <summary>A category has one level a row; numbers are counted. A shard has a column of what occurs in it.</summary>
    (long Nonzeros, long Valued, long Columns) SparseSizeOf(FeatureContents contents, FeatureStorage[] storages)
    {
        var shardCount = (long)(_options.Shards ?? DefaultShardCount(_split.Training.Length)) + DefaultShardCount(contents.RowCount - _split.Training.Length);
        var (nonzeros, valued, columns, feature) = (0L, 0L, 0L, 0);
        foreach (var column in _schema.Columns)
        {
            for (var i = 0; i < column.FeatureCount; i++)
            {
                if (storages[feature + i] != FeatureStorage.Sparse) continue;
                var isCategory = column is CategoricalColumnSchema;
                var count = !isCategory ? contents.NonzeroCounts[feature + i] : i == 0 ? contents.RowCount : 0;
                nonzeros += count;
                valued += isCategory || contents.OnlyZerosAndOnes(feature + i) ? 0 : count;
                columns += isCategory ? shardCount : Math.Min(count, shardCount);
            }
            feature += column.FeatureCount;
        }
        return (nonzeros, valued, Math.Min(columns, nonzeros));
    }
}
