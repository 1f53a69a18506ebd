using DistTrain.Data.Preparation;
using DistTrain.Data.Schema;
using DistTrain.Data.Storage;
using DistTrain.Data.Tables;
using DistTrain.Data.Tables.Delimited;
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
public static class DirectReading
{
    /// <summary>Bytes of text that are read at once.</summary>
    public const int ChunkBytes = 1 << 20;

    /// <summary>Reads labelled input to train on, a share of its rows held out.</summary>
    /// <param name="files">At least one.</param>
    /// <param name="options">Without <see cref="TableOptions.Problems"/>.</param>
    /// <param name="fits">Whether there is memory for a dataset of at least that size; asked before room is made for rows.</param>
    /// <param name="chunkBytes">At least 1; it changes nothing in the result.</param>
    /// <returns>Null where the input must be read by the general way.</returns>
    /// <exception cref="DistTrainException">The first file is not text that can be read.</exception>
    public static DirectDataset? Read(
        IReadOnlyList<IInputFile> files, TableOptions options, DatasetOptions dataset, Predicate<DatasetSize> fits, IParallelFor parallel,
        int chunkBytes = ChunkBytes)
    {
        if (options.Missing is not MissingCells.Error || !options.BadRows.Fails || dataset.MissingAsMean || dataset.Problems().Any()) return null;
        var format = TableReader.FormatOf(files, options);
        try
        {
            using var input = DirectInput.Open(files, format, options);
            return input is null ? null : new Reading(input, options, dataset, parallel).Run(fits, chunkBytes);
        }
        catch (DistTrainException e) when (e.Problem.Code != Once)
        {
            return null;
        }
    }

    /// <summary>A pipe: who opened it again would wait for ever.</summary>
    const string Once = "DT4013";

    sealed class Reading(DirectInput input, TableOptions options, DatasetOptions dataset, IParallelFor parallel)
    {
        public DirectDataset? Run(Predicate<DatasetSize> fits, int chunkBytes)
        {
            if (input.Count(chunkBytes, parallel) is not { Length: > 0 } chunks) return null;
            var rowCount = chunks[^1].FirstRow + chunks[^1].RowCount;
            var split = RowSplit.Of(rowCount, dataset.ValidationFraction, dataset.Seed);
            var sample = new SampleRows(input, chunks);
            if (split.Training.Length == 0 || !sample.TryRead(CenterSample.RowsOf(split.HeldOut)) || !sample.Counts.AllDense()) return null;

            var (schema, plan) = LayoutOf(sample.Centers);
            var size = SizeOf(plan.Layout, split, classCount: sample.Labels.Count);
            return fits(size) ? Fill(chunks, split, schema, plan, size) : null;
        }

        DirectDataset? Fill(CountedStretch[] chunks, RowSplit split, FeatureSchema schema, StoragePlan plan, DatasetSize size)
        {
            var rooms = DatasetRooms.Of(split, dataset.Shards, plan.Layout, size.ClassCount, input.Shape.IsWeighted);
            var sink = new RowSink(input, rooms.Placement, [.. plan.Layout.Centers], size.RowCount);
            var (labels, hashes) = (new TextColumn?[chunks.Length], new string[input.Files.Length]);
            // Hashes first: they take longest.
            parallel.Run(hashes.Length + chunks.Length, i =>
            {
                if (i < hashes.Length) hashes[i] = FileStretch.HashOf(input.Files[i].Bytes);
                else labels[i - hashes.Length] = sink.Take(chunks[i - hashes.Length]);
            });
            return sink.IsGivenUp || !sink.Counts.AllDense() || TableOf(chunks, labels!, hashes, sink) is not { } table
                ? null
                : Finish(table, rooms, split, schema, plan, size);
        }

        DirectDataset Finish(
            Table table, DatasetRooms rooms, RowSplit split, FeatureSchema schema, StoragePlan plan, DatasetSize size)
        {
            var classes = ClassLearning.Learn(table, validation: null, split.HeldOut, dataset);
            rooms.SetLabels(ClassLearning.ShardLabelsOf(table, classes));
            return new DirectDataset(
                table,
                size with { ClassCount = classes.Active.Length, TableBytes = TableMemory.BytesOf(table) },
                new DatasetAssembly(schema, classes, plan, dataset.Seed, parallel).ToDataset(rooms.Training, rooms.Validation),
                RareClasses.Findings([table], split.HeldOut, classes));
        }

        (FeatureSchema, StoragePlan) LayoutOf(float[] centers)
        {
            var schema = new FeatureSchema(
                [.. input.Roles.Features.Select((feature, d) => new NumericColumnSchema(feature.Name, centers[d], MissingValue: null))]);
            var storages = new FeatureStorage[centers.Length];
            Array.Fill(storages, FeatureStorage.Dense);
            return (schema, StoragePlan.Of(schema, storages, dataset.DenseFormat));
        }

        Table? TableOf(CountedStretch[] chunks, TextColumn[] labels, string[] hashes, RowSink sink)
        {
            var rowCount = chunks[^1].FirstRow + chunks[^1].RowCount;
            var max = Math.Max(dataset.MaxClasses, dataset.Classes?.Length ?? 0);
            if (LabelMerge.Of(input.Roles.Label!.Name, labels, rowCount, max) is not { } label) return null;
            if (options.Labels is { } rule && !label.Dictionary.All(rule.Allows)) return null;
            return new Table
            {
                RowCount = rowCount,
                Columns = [],
                Label = label,
                Weights = sink.Weights,
                Files = [.. input.Files.Select((file, i) => new TableFile(file.Name, FirstRowOf(i, chunks, rowCount), hashes[i]))],
                Lines = [],
                Form = input.Format.Form,
                Findings =
                [
                    .. input.Format.Findings, .. input.Roles.Findings,
                    DelimitedTable.Roles([.. input.Roles.Features.Select(feature => new NumericColumn(feature.Name, []))]),
                ],
            };
        }

        static int FirstRowOf(int file, CountedStretch[] chunks, int rowCount) =>
            Array.Find(chunks, chunk => chunk.Chunk.File >= file)?.FirstRow ?? rowCount;

        DatasetSize SizeOf(FeatureLayout layout, RowSplit split, int classCount) => new()
        {
            FeatureCount = layout.FeatureCount,
            ClassCount = classCount,
            RowCount = split.HeldOut.Length,
            DenseStride = layout.DenseStride,
            HalvedRowCount = layout.TrainingFormat == DenseFormat.Full ? 0 : split.Training.Length,
            CodedCount = 0,
            NonzeroCount = 0,
            TableBytes = (long)split.HeldOut.Length * (sizeof(int) + (input.Shape.IsWeighted ? sizeof(float) : 0)),
        };
    }
}
