using System.Collections.Immutable;
using DistTrain.Data.Preparation;
using DistTrain.Data.Schema;
using DistTrain.Data.Storage;
using DistTrain.Data.Tables;
using DistTrain.Data.Tables.Delimited;
using DistTrain.Data.Tables.Input;
using DistTrain.Numerics;
using DistTrain.Problems;

namespace DistTrain.Data.Direct;

/// <summary>
/// From delimited text of numbers to a dataset without a table between: each number is read once and put in its place in its shard.
/// </summary>
/// <remarks>
/// The result is that of <see cref="TableReader"/> and <see cref="DatasetBuilder"/>, bit for bit; what it needs before the first number can be
/// placed comes from counting rows and from the rows of <see cref="CenterSample"/>. Whatever is out of the ordinary (a malformed row, text
/// among the features, a column that is not to be held dense) ends it without a word: then the input is read by the general way, which
/// knows what to say.
/// </remarks>
public sealed class DirectReading : IDisposable
{
    /// <summary>Bytes of text that are read at once.</summary>
    public const int ChunkBytes = 1 << 20;

    /// <summary>A pipe: who opened it again would wait for ever.</summary>
    internal const string Once = "DT4013";

    readonly DirectInput _input;
    readonly TableOptions _options;
    readonly DatasetOptions _dataset;
    readonly IParallelFor _parallel;
    readonly CountedStretch[] _chunks;
    readonly RowShape _shape;
    readonly RowSplit _split;
    readonly FeatureSchema _schema;
    readonly StoragePlan _plan;
    readonly FileHashes _hashes;

    DirectReading(
        DirectInput input, TableOptions options, DatasetOptions dataset, IParallelFor parallel, RowShape shape, CountedStretch[] chunks,
        RowSplit split, SampleRows sample, FileHashes hashes)
    {
        (_input, _options, _dataset, _parallel) = (input, options, dataset, parallel);
        (_shape, _chunks, _split, _hashes) = (shape, chunks, split, hashes);
        (_schema, _plan) = LayoutOf(sample.Centers);
        Size = SizeOf(sample.Labels.Count);
    }

    /// <summary>The least that the dataset will be: more classes may be found.</summary>
    public DatasetSize Size { get; }

    /// <summary>Rows of the largest shard.</summary>
    /// <exception cref="DistTrainException">The number of shards asked for cannot work (exit 3).</exception>
    public int LargestShard
    {
        get
        {
            var (training, validation) = (_split.Training.Length, _split.Validation.Length);
            var count = ShardPlan.CountOf(_dataset.Shards, training, _plan.Layout, Size.ClassCount);
            return Math.Max(
                Pieces.LargestOf(count, training),
                Pieces.LargestOf(ShardPlan.DefaultCount(validation, _plan.Layout, Size.ClassCount), validation));
        }
    }

    /// <summary>Reads labelled input to train on, a share of its rows held out.</summary>
    /// <param name="fits">Whether there is memory for a dataset of at least that size; asked before room is made for rows.</param>
    /// <returns>Null where the input must be read by the general way.</returns>
    /// <exception cref="DistTrainException">The first file is not text that can be read.</exception>
    public static DirectDataset? Read(
        IReadOnlyList<IInputFile> files, TableOptions options, DatasetOptions dataset, Predicate<DatasetSize> fits, IParallelFor parallel,
        int chunkBytes = ChunkBytes)
    {
        using var reading = Open(files, options, dataset, parallel, chunkBytes);
        return reading is not null && fits(reading.Size) ? reading.Read() : null;
    }

    /// <summary>Counts the rows and looks at some of them, so that the size of the dataset is known.</summary>
    /// <param name="files">At least one.</param>
    /// <param name="options">Without <see cref="TableOptions.Problems"/>.</param>
    /// <param name="chunkBytes">At least 1; it changes nothing in the result.</param>
    /// <returns>Null where the input must be read by the general way.</returns>
    /// <exception cref="DistTrainException">The first file is not text that can be read.</exception>
    public static DirectReading? Open(
        IReadOnlyList<IInputFile> files, TableOptions options, DatasetOptions dataset, IParallelFor parallel, int chunkBytes = ChunkBytes)
    {
        if (options.Missing is not MissingCells.Error || !options.BadRows.Fails || dataset.MissingAsMean || dataset.Problems().Any()) return null;
        var format = TableReader.FormatOf(files, options);
        return Or(() =>
        {
            if (DirectInput.Open(files, format, header => ColumnRoles.ForTraining(header, options)) is not { } input) return null;
            DirectReading? reading = null;
            try
            {
                return reading = Settle(input, options, dataset, parallel, chunkBytes);
            }
            finally
            {
                if (reading is null) input.Dispose();
            }
        });
    }

    /// <summary>Reads all rows at once.</summary>
    /// <returns>Null where the input must be read by the general way.</returns>
    public DirectDataset? Read() => Or(() =>
    {
        var rooms = DatasetRooms.Of(_split, _dataset.Shards, _plan.Layout, Size.ClassCount, _shape.IsWeighted);
        if (TryTake(rooms.Placement) is not { } table) return null;

        var assembly = Settled(table);
        rooms.SetLabels(ClassLearning.ShardLabelsOf(table, assembly.Classes), _parallel);
        return new DirectDataset(table, SizeOf(table, assembly), assembly.ToDataset(rooms.Training, rooms.Validation), FindingsOf(table, assembly));
    });

    /// <summary>
    /// Reads all rows, and keeps those of the first shards: the others are read again when these are written. The files stay open until
    /// it is disposed, or what it gives.
    /// </summary>
    /// <param name="shardBytes">What shards may take of memory; of each part one is held at least.</param>
    /// <returns>Null where the input must be read by the general way.</returns>
    public DirectGroups? ReadGrouped(long shardBytes) => Or(() =>
    {
        var rooms = new ShardGroups(_split, _dataset.Shards, _plan.Layout, Size.ClassCount, _shape.IsWeighted, shardBytes);
        rooms.Hold(0);
        if (TryTake(rooms.Placement) is not { } table) return null;

        var assembly = Settled(table);
        var labels = ClassLearning.ShardLabelsOf(table, assembly.Classes);
        var plan = new GroupedPlan(assembly, rooms, labels, () => TakeAgain(rooms.Placement));
        return new DirectGroups(table, plan, FindingsOf(table, assembly), this);
    });

    public void Dispose() => _input.Dispose();

    /// <summary>What is wrong with the input the general way says.</summary>
    static T? Or<T>(Func<T?> read) where T : class
    {
        try
        {
            return read();
        }
        catch (DistTrainException e) when (e.Problem.Code != Once)
        {
            return null;
        }
    }

    static DirectReading? Settle(DirectInput input, TableOptions options, DatasetOptions dataset, IParallelFor parallel, int chunkBytes)
    {
        if (RowShape.Of(input.Delimiter, input.CellCount, input.Roles) is not { } shape) return null;
        // They take longest, and to order the rows leaves a thread idle.
        var hashes = new FileHashes(input.Files, parallel);
        if (input.Count(chunkBytes, parallel) is not { Length: > 0 } chunks) return null;
        var split = RowSplit.Of(chunks[^1].FirstRow + chunks[^1].RowCount, dataset.ValidationFraction, dataset.Seed);
        var sample = new SampleRows(input, shape, chunks);
        return split.Training.Length > 0 && sample.TryRead(CenterSample.RowsOf(split.HeldOut)) && sample.Counts.AllDense()
            ? new DirectReading(input, options, dataset, parallel, shape, chunks, split, sample, hashes)
            : null;
    }

    /// <summary>Reads all rows; those whose shards have room are put there.</summary>
    Table? TryTake(RowPlacement placement)
    {
        var sink = new RowSink(_input, _shape, placement, [.. _plan.Layout.Centers], Size.RowCount);
        var labels = new TextColumn?[_chunks.Length];
        var fileCount = _input.Files.Length;
        _parallel.Run(fileCount + _chunks.Length, i =>
        {
            if (i < fileCount) _hashes.TryTake();
            else labels[i - fileCount] = sink.Take(_chunks[i - fileCount]);
        });
        return sink.IsGivenUp || !sink.Counts.AllDense() ? null : TableOf(labels!, _hashes.All(), sink.Weights);
    }

    /// <summary>Reads the rows again whose shards have room now.</summary>
    void TakeAgain(RowPlacement placement)
    {
        var sink = new RowSink(_input, _shape, placement, [.. _plan.Layout.Centers], Size.RowCount, onlyPlaced: true);
        _parallel.Run(_chunks.Length, i => sink.Take(_chunks[i]));
        if (sink.IsGivenUp) throw FileProblems.Changed(_input.Files[0].Name).AsException();
    }

    DatasetAssembly Settled(Table table) =>
        new(_schema, ClassLearning.Learn(table, validation: null, _split.HeldOut, _dataset), _plan, _dataset.Seed, _parallel);

    ImmutableArray<string> FindingsOf(Table table, DatasetAssembly assembly) => RareClasses.Findings([table], _split.HeldOut, assembly.Classes);

    (FeatureSchema, StoragePlan) LayoutOf(float[] centers)
    {
        var schema = new FeatureSchema(
            [.. _input.Roles.Features.Select((feature, d) => new NumericColumnSchema(feature.Name, centers[d], MissingValue: null))]);
        var storages = new FeatureStorage[centers.Length];
        Array.Fill(storages, FeatureStorage.Dense);
        return (schema, StoragePlan.Of(schema, storages, _dataset.DenseFormat));
    }

    Table? TableOf(TextColumn[] labels, string[] hashes, float[]? weights)
    {
        var max = Math.Max(_dataset.MaxClasses, _dataset.Classes?.Length ?? 0);
        if (LabelMerge.Of(_input.Roles.Label!.Name, labels, Size.RowCount, max) is not { } label) return null;
        if (_options.Labels is { } rule && !label.Dictionary.All(rule.Allows)) return null;
        return new Table
        {
            RowCount = Size.RowCount,
            Columns = [],
            Label = label,
            Weights = weights,
            Files = [.. _input.Files.Select((file, i) => new TableFile(file.Name, FirstRowOf(i), hashes[i]))],
            Lines = [],
            Form = _input.Format.Form,
            Findings =
            [
                .. _input.Format.Findings, .. _input.Roles.Findings,
                DelimitedTable.Roles([.. _input.Roles.Features.Select(feature => new NumericColumn(feature.Name, []))]),
            ],
        };
    }

    int FirstRowOf(int file) => Array.Find(_chunks, chunk => chunk.Chunk.File >= file)?.FirstRow ?? Size.RowCount;

    DatasetSize SizeOf(Table table, DatasetAssembly assembly) =>
        Size with { ClassCount = assembly.Classes.Active.Length, TableBytes = TableMemory.BytesOf(table) };

    DatasetSize SizeOf(int classCount)
    {
        var rowCount = _split.HeldOut.Length;
        return new()
        {
            FeatureCount = _plan.Layout.FeatureCount,
            ClassCount = classCount,
            RowCount = rowCount,
            DenseStride = _plan.Layout.DenseStride,
            HalvedRowCount = _plan.Layout.TrainingFormat == DenseFormat.Full ? 0 : _split.Training.Length,
            CodedCount = 0,
            NonzeroCount = 0,
            TableBytes = (long)rowCount * (sizeof(int) + (_shape.IsWeighted ? sizeof(float) : 0)),
        };
    }
}
