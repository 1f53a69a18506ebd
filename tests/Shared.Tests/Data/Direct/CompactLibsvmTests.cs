using CsCheck;
using DistTrain.Data;
using DistTrain.Data.Direct;
using DistTrain.Data.Schema;
using DistTrain.Data.Storage;
using DistTrain.Data.Tables;
using DistTrain.Data.Tables.Detection;
using DistTrain.Data.Tables.Malformed;
using DistTrain.Shared.Tests.Data.Tables;
using DistTrain.Shared.Tests.Testing;

namespace DistTrain.Shared.Tests.Data.Direct;

public class CompactLibsvmTests
{
    static readonly DatasetOptions All = new() { ValidationFraction = 0 };

    [Fact]
    public void Any_files_become_the_dataset_that_reading_row_by_row_makes_of_them() =>
        Gen.Select(Gen.ULong, Gen.Int[1, 90], Gen.Int[1, 3]).Sample(
            (seed, chunkBytes, fileCount) => AssertSame(LibsvmTexts.Files(seed, fileCount), chunkBytes), iter: 400, seed: "0000LibsvmC1");

    [Theory]
    [InlineData("1 1:1\n2 1:1 3:1")]
    [InlineData("\uFEFF1 1:1\n2 1:1 3:1\n")]
    [InlineData("+1 1:1\r\n-1 2:1\r\n1 0:1\r\n")]
    [InlineData("# a comment\n\n1 1:1 # another\n2\n2 7:1e-3 8:0 9:-0 12345678:.5 2147483647:1\n")]
    [InlineData("a 1:2\nb 1:3\na 1:4\nb 1:5 2:1\n")]
    [InlineData("\t1\t1:1.0 \t2:0.1\n2 1:1#x\n")]
    [InlineData("1 3:1e-60\n2 3:1 4:1.0000000000001\n")]
    [InlineData("weiß 1:1\nschwarz 1:1 2:1\n")]
    public void Ordinary_lines_in_chunks_of_any_size(string text)
    {
        for (var chunkBytes = 1; chunkBytes < 40; chunkBytes++) AssertSame([text], chunkBytes);
        AssertSame([text, text, ""], 7);
    }

    [Theory]
    [InlineData("1 1:1\n2 2:1 1:1\n")]
    [InlineData("1 1:1\n2 1:1 1:1\n")]
    [InlineData("1 1:1\n1:1\n")]
    [InlineData("1 1:1\n2 1:nan\n")]
    [InlineData("1 1:1\n2 1:2e38\n")]
    [InlineData("1 1:1\n2 1:x\n")]
    [InlineData("1 1:1\n2 1:\n")]
    [InlineData("1 1:1\n2 1: 1\n")]
    [InlineData("1 1:1\n2 :1\n")]
    [InlineData("1 1:1\n2 x:1\n")]
    [InlineData("1 1:1\n2 1\n")]
    [InlineData("1 1:1\n2 qid:3 1:1\n")]
    [InlineData("1 1:1\n2 2147483648:1\n")]
    [InlineData("1 1:1\n2 99999999999999999999:1\n")]
    [InlineData("# only comments\n\n")]
    public void What_is_odd_is_left_to_the_reading_that_says_why(string text) => Assert.Null(Compact([text], 16));

    [Fact]
    public void A_label_that_is_not_UTF_8_is_odd() =>
        Assert.Null(Compact([new RandomFile("a", [.. "1 1:1\n"u8, 0xFF, .. " 1:1\n"u8])], 16));

    [Fact]
    public void Options_have_their_say()
    {
        Assert.Null(Compact(["1 0:1\n2 1:1\n"], 16, new TableOptions { Format = TableFormat.Libsvm, IndexBase = 1 }));
        AssertSame(["1 1:1\n2 3:1\n"], 4, new TableOptions { Format = TableFormat.Libsvm, IndexBase = 0 });
        AssertSame(["1 1:1\n2 3:1\n"], 4, new TableOptions { Format = TableFormat.Libsvm, IndexBase = 1 });
        AssertSame(["1 1:1\n2 3:1\n"], 4, new TableOptions { Format = TableFormat.Libsvm, BadRows = new BadRowRule(BadRowKind.Skip) });
    }

    [Fact]
    public void Files_that_cannot_be_read_by_offset_are_left_to_the_other_reading()
    {
        var file = new MemoryFile("a", "1 1:1\n2 1:1\n");
        var packed = file.Gzipped();
        Assert.Null(Compact([file], 16));
        Assert.Null(Compact([new RandomFile(packed.Name, packed.Bytes)], 16));
    }

    [Fact]
    public void Indices_far_apart_are_left_to_the_other_reading() => Assert.Null(Compact(
        [string.Concat(Enumerable.Range(0, 1200).Select(row => $"{row % 2} {1 + row * 20_000}:1\n"))], 1 << 20));

    [Fact]
    public void Values_of_what_may_be_held_dense_are_kept_as_doubles_and_others_as_floats()
    {
        Assert.True(Assert.IsType<CompactColumns>(Compact(["1 1:0.1\n2 1:0.7\n"], 16)!.Columns[0]).Rows.IsExact);
        Assert.False(Assert.IsType<CompactColumns>(Compact(["1 1:0.1\n2 2:1\n1\n2\n"], 16)!.Columns[0]).Rows.IsExact);
    }

    [Fact]
    public void Rounded_values_are_refused_where_another_table_makes_a_feature_dense()
    {
        var (training, validation) = (Compact(["1 1:0.1\n2 2:1\n1\n2\n"], 16)!, Compact(["1 1:0.1\n1 1:0.3\n1 1:0.3\n"], 16, isExact: true));
        Assert.Throws<InvalidOperationException>(() => DatasetBuilder.Build(training, validation, All));
    }

    [Fact]
    public void A_table_to_validate_on_is_read_so_too()
    {
        string[] training = ["1 1:1 2:0.5 9:1\n2 1:1 2:0.5\n1 2:2\n2 3:1\n1 3:1\n"], validation = ["2 1:3 4:1\n1 2:0.5 9:2\n"];
        AssertSame(
            DatasetBuilder.Build(TableReader.Read(FilesOf(training), Options), TableReader.Read(FilesOf(validation), Options), All),
            DatasetBuilder.Build(Compact(training, 9, isExact: true)!, Compact(validation, 9, isExact: true), All));
    }

    /// <summary>A model that knows two of three indices.</summary>
    [Theory, InlineData(true), InlineData(false)]
    public void Rows_for_a_model_are_encoded_as_reading_row_by_row_encodes_them(bool labelRequired) =>
        Gen.Select(Gen.ULong, Gen.Int[1, 90]).Sample((seed, chunkBytes) =>
        {
            var files = FilesOf(LibsvmTexts.Files(seed, 2));
            var read = TableReader.Read(files, Options);
            if (read.Label!.Dictionary.Length < 2) return;
            var whole = DatasetBuilder.Build(read, null, All);
            if (whole.Schema.Columns is not [IndexedColumnsSchema { Indices.Length: > 1 } all]) return;
            int[] known = [.. Enumerable.Range(0, all.Indices.Length).Where(i => i % 3 != 0)];
            var schema = new FeatureSchema(
                [new IndexedColumnsSchema([.. known.Select(i => all.Indices[i])], [.. known.Select(i => all.Centers[i])], all.IndexBase)]);

            var slow = TableReader.ReadFor(files, Options, schema, null, labelRequired);
            var fast = CompactLibsvm.TryReadFor(
                files, DetectedFormat.Of(files[0], Options), Options, all.IndexBase, labelRequired, BackwardFor.Instance, chunkBytes)!;

            Assert.Equal((slow.RowCount, slow.IndexBase, slow.Label is null), (fast.RowCount, fast.IndexBase, fast.Label is null));
            Assert.Equal(slow.Findings.AsEnumerable(), fast.Findings);
            Assert.Equal(slow.Lines, fast.Lines);
            var (expected, found) = (DatasetBuilder.Encode(slow, schema, whole.Classes), DatasetBuilder.Encode(fast, schema, whole.Classes));
            Assert.Equal(expected.Unseen.AsEnumerable(), found.Unseen);
            Assert.Equal(expected.Dataset.Manifest.ValidationHashes.AsEnumerable(), found.Dataset.Manifest.ValidationHashes);
        }, iter: 100, seed: "0000LibsvmC1");

    [Theory]
    [InlineData("1:1\n9 2:1\n", false, 2)]
    [InlineData("1:1\n9 2:1\n", true, 0)]
    [InlineData("9\n\n 2:1#x\n", false, 2)]
    [InlineData("9 0:1\n", true, 0)]
    public void Labels_are_passed_over_where_none_are_required_and_the_model_knows_the_first_index(string text, bool labelRequired, int rowCount)
    {
        var files = FilesOf([text]);

        var table = CompactLibsvm.TryReadFor(
            files, DetectedFormat.Of(files[0], Options), Options, indexBase: 1, labelRequired, BackwardFor.Instance);

        Assert.Equal((rowCount, true), (table?.RowCount ?? 0, table?.Label is null));
    }

    [Fact]
    public void Another_first_index_than_the_models_is_left_to_the_reading_that_shifts_indices() => Assert.Null(CompactLibsvm.TryReadFor(
        FilesOf(["1 1:1\n"]), DetectedFormat.Of(FilesOf(["1 1:1\n"])[0], Options), Options with { IndexBase = 0 }, 1, labelRequired: true, BackwardFor.Instance));

    static readonly TableOptions Options = new() { Format = TableFormat.Libsvm };

    static void AssertSame(string[] texts, int chunkBytes, TableOptions? options = null)
    {
        var read = TableReader.Read(FilesOf(texts), options ?? Options);
        var compact = Assert.IsType<Table>(Compact(texts, chunkBytes, options));

        Assert.Equal(read.RowCount, compact.RowCount);
        Assert.Equal(read.Files.AsEnumerable(), compact.Files.AsEnumerable());
        Assert.Equal(read.Lines, compact.Lines);
        Assert.Equal(read.Findings.AsEnumerable(), compact.Findings.AsEnumerable());
        Assert.Equal((read.Form, read.IndexBase), (compact.Form, compact.IndexBase));
        Assert.Equal(read.Label!.Dictionary.AsEnumerable(), compact.Label!.Dictionary.AsEnumerable());
        Assert.Equal(read.Label.Codes, compact.Label.Codes);
        if (read.Label.Dictionary.Length < 2 || read.Columns is [IndexedColumns { Indices: [] }]) return;

        var some = All with { ValidationFraction = 0.3, Shards = 2 };
        foreach (var dataset in read.RowCount > 20 ? new[] { All, some } : [All])
            AssertSame(DatasetBuilder.Build(read, null, dataset), DatasetBuilder.Build(compact, null, dataset, parallel: BackwardFor.Instance));
    }

    static void AssertSame(Dataset expected, Dataset found)
    {
        Assert.Equal(expected.Manifest.Fingerprint, found.Manifest.Fingerprint);
        Assert.Equal(expected.Manifest.ClassFeatureSums, found.Manifest.ClassFeatureSums);
        Assert.Equal(expected.Manifest.ClassSquareSums, found.Manifest.ClassSquareSums);
        Assert.Equal(expected.Manifest.AbsoluteSums, found.Manifest.AbsoluteSums);
    }

    static Table? Compact(string[] texts, int chunkBytes, TableOptions? options = null, bool isExact = false) =>
        Compact(FilesOf(texts), chunkBytes, options, isExact);

    static Table? Compact(IReadOnlyList<IInputFile> files, int chunkBytes, TableOptions? options = null, bool isExact = false) =>
        CompactLibsvm.TryRead(files, DetectedFormat.Of(files[0], options ?? Options), options ?? Options, isExact, BackwardFor.Instance, chunkBytes: chunkBytes);

    static IReadOnlyList<IInputFile> FilesOf(string[] texts) =>
        [.. texts.Select((text, i) => new RandomFile($"{i}.svm", text))];
}
