using System.Runtime.InteropServices;
using DistTrain.Data.Schema;
using DistTrain.Data.Storage;
using DistTrain.Formats.Datasets;
using DistTrain.Training;

namespace DistTrain.Shared.Tests.Formats.Datasets;

public sealed class DatasetRoundTripTests
{
    public static TheoryData<string> Names => StoredExamples.Names;

    [Theory, MemberData(nameof(Names))]
    public void Everything_is_read_as_it_was_written(string name)
    {
        var written = StoredExamples.Of(name);

        var read = FilesInMemory.Of(written).Read();

        Assert.Equal(Words(written.Schema), Words(read.Schema));
        Assert.Equal(written.Classes.Names.AsEnumerable(), read.Classes.Names);
        Assert.Equal(written.Classes.Active.AsEnumerable(), read.Classes.Active);
        AssertSame(written.Manifest, read.Manifest);
    }

    [Theory, MemberData(nameof(Names))]
    public void Shards_opened_from_files_are_those_in_memory(string name)
    {
        var dataset = StoredExamples.Of(name);
        var files = FilesInMemory.Of(dataset);
        var stored = new StoredShards(DatasetReader.Read(files.Manifest, files), files, ShardRoom.Unlimited);

        foreach (var part in Enum.GetValues<DatasetPart>())
        {
            foreach (var shard in Enumerable.Range(0, dataset.Manifest.RowsOf(part).Length).Select(i => new ShardId(i)))
                AssertSame(dataset.Open(part, shard), stored.Open(part, shard));
        }
        foreach (var slice in (ShardSlice[])[new(new ShardId(0), 40, 70), new(new ShardId(0), 5, 7)])
            AssertSame(dataset.OpenSlice(slice), stored.OpenSlice(slice));
    }

    [Theory, MemberData(nameof(Names))]
    public void The_same_dataset_gives_the_same_bytes(string name)
    {
        var (first, second) = (FilesInMemory.Of(StoredExamples.Of(name)), FilesInMemory.Of(StoredExamples.Of(name)));
        var again = FilesInMemory.Of(first.Read());

        Assert.Equal(first.Files, second.Files);
        Assert.Equal(first.Files, again.Files);
    }

    [Theory, MemberData(nameof(Names))]
    public void Every_buffer_lies_at_a_multiple_of_64_bytes_in_its_file(string name)
    {
        foreach (var (_, bytes) in FilesInMemory.Of(StoredExamples.Of(name)).Files.Where(file => file.Key.EndsWith(".arrow")))
        {
            using var reader = new Apache.Arrow.Ipc.ArrowStreamReader(bytes.AsMemory(8));
            var batch = reader.ReadNextRecordBatch();
            Assert.All(batch.Arrays.SelectMany(array => BuffersOf(array.Data)), buffer => Assert.Equal(0, PlaceOf(buffer, bytes) % 64));
        }
    }

    [Theory, MemberData(nameof(Names))]
    public async Task Any_reader_of_arrow_files_reads_them(string name)
    {
        var dataset = StoredExamples.Of(name);
        var file = FilesInMemory.Of(dataset).Files["training-00000.arrow"];

        using var reader = new Apache.Arrow.Ipc.ArrowFileReader(new MemoryStream(file));

        Assert.Equal(1, await reader.RecordBatchCountAsync());
        var batch = await reader.ReadRecordBatchAsync(0);
        var shard = dataset.Open(DatasetPart.Training, new ShardId(0));
        Assert.Equal(shard.Labels, ((Apache.Arrow.Int32Array)batch.Column("label")).Values.ToArray());
        Assert.Equal(shard.SourceRows, ((Apache.Arrow.Int32Array)batch.Column("sourceRow")).Values.ToArray());
    }

    [Fact]
    public void The_manifest_is_written_last()
    {
        var order = FilesInMemory.Of(StoredExamples.Of("numbers")).Order;

        Assert.Equal(DatasetNames.Manifest, order[^1]);
        Assert.Equal(order.Distinct(), order);
    }

    [Fact]
    public void The_manifest_names_every_file_that_was_written()
    {
        var files = FilesInMemory.Of(StoredExamples.Of("numbers"));

        var named = DatasetReader.FilesOf(files.Manifest, "");

        Assert.Equal(files.Order.Order(), named.All.Select(file => file.Name).Order());
        Assert.Equal(files.Written!.All, named.All);
        Assert.All(named.All, file => file.RequireIn(files.Files[file.Name], file.Name));
    }

    [Fact]
    public void What_it_was_made_from_is_kept()
    {
        var files = FilesInMemory.Of(StoredExamples.Of("numbers"));

        var origin = DatasetReader.Read(files.Manifest, files).Origin;

        Assert.Equal(FilesInMemory.Origin.Input, origin.Input);
        Assert.Equal(FilesInMemory.Origin.Files.AsEnumerable(), origin.Files);
        Assert.Equal((FilesInMemory.Origin.ProductVersion, FilesInMemory.Origin.Synthetic), (origin.ProductVersion, origin.Synthetic));
    }

    [Theory]
    [InlineData("all storages, weights, gaps", OptimizerKind.Lbfgs)]
    [InlineData("all storages, weights, gaps", OptimizerKind.Adam)]
    [InlineData("libsvm", OptimizerKind.Ftrl)]
    public void Training_from_files_gives_the_same_bits(string name, OptimizerKind optimizer)
    {
        var dataset = StoredExamples.Of(name);
        var files = FilesInMemory.Of(dataset);
        var stored = DatasetReader.Read(files.Manifest, files);
        var options = new TrainingOptions { Optimizer = optimizer, MaxSteps = 8, BatchSize = 100 };

        Assert.Equal(
            StoredExamples.Train(dataset, dataset.Manifest, options),
            StoredExamples.Train(new StoredShards(stored, files, ShardRoom.Unlimited), stored.Manifest, options));
    }

    [Theory]
    [InlineData("all storages, weights, gaps", OptimizerKind.Lbfgs)]
    [InlineData("all storages, weights, gaps", OptimizerKind.Adam)]
    [InlineData("libsvm", OptimizerKind.Gd)]
    public void Training_gives_the_same_bits_where_memory_holds_no_shard_or_some(string name, OptimizerKind optimizer)
    {
        var dataset = StoredExamples.Of(name);
        var files = FilesInMemory.Of(dataset);
        var stored = DatasetReader.Read(files.Manifest, files);
        var options = new TrainingOptions { Optimizer = optimizer, MaxSteps = 8, BatchSize = 100 };
        var expected = StoredExamples.Train(dataset, dataset.Manifest, options);

        foreach (var room in (ShardRoom[])[new(0, 0), new(12_000, 50_000)])
            Assert.Equal(expected, StoredExamples.Train(new StoredShards(stored, files, room), stored.Manifest, options));
    }

    [Fact]
    public void The_first_shard_is_read_before_the_others_are_there()
    {
        var dataset = StoredExamples.Of("all storages, weights, gaps");
        var files = FilesInMemory.Of(dataset);
        foreach (var other in files.Written!.Files.Training.Skip(1)) files.Files.Remove(other.Name);

        var read = DatasetReader.Open(DatasetReader.Read(files.Manifest, files), files, ShardRoom.Unlimited);

        AssertSame(dataset.Open(DatasetPart.Training, new ShardId(0)), read.Open(DatasetPart.Training, new ShardId(0)));
    }

    static IEnumerable<string> Words(FeatureSchema schema) => schema.Columns.SelectMany(column => new[]
    {
        column switch
        {
            NumericColumnSchema number => $"{number.Name} {number.Center:R} {number.MissingValue:R}",
            CategoricalColumnSchema category => $"{category.Name} {category.FeatureCount}",
            IndexedColumnsSchema indexed =>
                $"{string.Join(' ', indexed.Indices)} {string.Join(' ', indexed.Centers.Select(BitConverter.SingleToInt32Bits))} {indexed.IndexBase}",
            _ => throw new InvalidOperationException(),
        },
    }.Concat(Enumerable.Range(0, column.FeatureCount).Select(column.FeatureName)));

    static void AssertSame(DatasetManifest expected, DatasetManifest found)
    {
        Assert.Equal((expected.Fingerprint, expected.Seed, expected.ClassCount), (found.Fingerprint, found.Seed, found.ClassCount));
        Assert.Equal(expected.TrainingRows.AsEnumerable(), found.TrainingRows);
        Assert.Equal(expected.ValidationRows.AsEnumerable(), found.ValidationRows);
        Assert.Equal(expected.InactiveClasses.AsEnumerable(), found.InactiveClasses);
        Assert.Equal((expected.Layout.DenseCount, expected.Layout.SparseCount), (found.Layout.DenseCount, found.Layout.SparseCount));
        Assert.Equal((expected.Layout.TrainingFormat, expected.Rounding), (found.Layout.TrainingFormat, found.Rounding));
        Assert.Equal(expected.Layout.Coded.AsEnumerable(), found.Layout.Coded);
        Assert.Equal(expected.Layout.SchemaFeatures.AsEnumerable(), found.Layout.SchemaFeatures);
        Assert.Equal(Bits<float>(expected.Layout.Centers.AsSpan()), Bits<float>(found.Layout.Centers.AsSpan()));
        Assert.Equal(Bits<double>([expected.WeightSum, expected.ValidationWeightSum]), Bits<double>([found.WeightSum, found.ValidationWeightSum]));
        Assert.Equal(Bits(expected.ClassWeights.AsSpan()), Bits(found.ClassWeights.AsSpan()));
        Assert.Equal(Bits<double>(expected.AbsoluteSums), Bits<double>(found.AbsoluteSums));
        Assert.Equal(Bits<double>(expected.Sums), Bits<double>(found.Sums));
        Assert.Equal(Bits<double>(expected.SquareSums), Bits<double>(found.SquareSums));
        Assert.Equal(Bits<double>(expected.ClassFeatureSums), Bits<double>(found.ClassFeatureSums));
        Assert.Equal(Bits<double>(expected.ClassSquareSums), Bits<double>(found.ClassSquareSums));
    }

    static void AssertSame(Shard expected, Shard found)
    {
        Assert.Equal((expected.Id, expected.RowCount), (found.Id, found.RowCount));
        Assert.Equal(expected.Dense.Format, found.Dense.Format);
        Assert.Equal(Bits(expected.Dense.Elements()), Bits(found.Dense.Elements()));
        Assert.Equal(expected.Codes.AsEnumerable(), found.Codes);
        Assert.Equal(expected.Sparse.Groups.AsEnumerable(), found.Sparse.Groups);
        Assert.Equal(expected.Sparse.Features, found.Sparse.Features);
        Assert.Equal(expected.Sparse.Rows, found.Sparse.Rows);
        Assert.Equal(expected.Sparse.Values, found.Sparse.Values);
        Assert.Equal(expected.Labels, found.Labels);
        Assert.Equal(expected.Weights, found.Weights);
        Assert.Equal(expected.SourceRows, found.SourceRows);
    }

    static byte[] Bits<T>(ReadOnlySpan<T> numbers) where T : unmanaged => MemoryMarshal.AsBytes(numbers).ToArray();

    static IEnumerable<ReadOnlyMemory<byte>> BuffersOf(Apache.Arrow.ArrayData data) =>
        data.Buffers.Where(buffer => buffer.Length > 0).Select(buffer => buffer.Memory)
            .Concat((data.Children ?? []).SelectMany(BuffersOf));

    static int PlaceOf(ReadOnlyMemory<byte> buffer, byte[] file)
    {
        Assert.True(file.AsSpan().Overlaps(buffer.Span, out var place));
        return place;
    }
}
