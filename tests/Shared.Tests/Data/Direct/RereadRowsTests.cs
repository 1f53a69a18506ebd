using CsCheck;
using DistTrain.Data;
using DistTrain.Data.Direct;
using DistTrain.Data.Tables;
using DistTrain.Data.Tables.Detection;
using DistTrain.Numerics;
using DistTrain.Shared.Tests.Formats.Datasets;
using DistTrain.Shared.Tests.Testing;

namespace DistTrain.Shared.Tests.Data.Direct;

/// <summary>LIBSVM whose rows memory does not hold: they are read again when they are wanted.</summary>
public class RereadRowsTests
{
    static readonly TableOptions Options = new() { Format = TableFormat.Libsvm };
    static readonly DatasetOptions Some = new() { ValidationFraction = 0.3, Shards = 3 };

    [Fact]
    public void Any_files_become_the_dataset_that_rows_in_memory_make() =>
        Gen.Select(Gen.ULong, Gen.Int[1, 90], Gen.Int[1, 3], Gen.Int[0, 400]).Sample((seed, chunkBytes, fileCount, shardBytes) =>
        {
            var files = FilesOf(LibsvmTexts.Files(seed, fileCount));
            var kept = CompactLibsvm.TryRead(files, FormatOf(files), Options, isExact: false, BackwardFor.Instance, chunkBytes: chunkBytes);
            if (kept is not { RowCount: > 20, Label.Dictionary.Length: > 1 }) return;
            var reread = CompactLibsvm.TryRead(files, FormatOf(files), Options, isExact: false, BackwardFor.Instance, roomBytes: 0, chunkBytes)!;

            Assert.False(ColumnsOf(reread).Rows.AreHeld);
            Assert.Equal(ColumnsOf(kept).Rows.IsExact, ColumnsOf(reread).Rows.IsExact);
            Assert.Equal((kept.RowCount, kept.IndexBase), (reread.RowCount, reread.IndexBase));
            Assert.Equal(kept.Files.AsEnumerable(), reread.Files);
            Assert.Equal(kept.Findings.AsEnumerable(), reread.Findings);
            Assert.Equal(kept.Lines, reread.Lines);
            var expected = FilesInMemory.Of(DatasetBuilder.Build(kept, null, Some)).Files;
            Assert.Equal(expected, FilesInMemory.Of(DatasetBuilder.Plan(kept, null, Some).Streamed(shardBytes, BackwardFor.Instance)).Files);
            Assert.Equal(expected, FilesInMemory.Of(DatasetBuilder.Plan(reread, null, Some).Streamed(shardBytes, BackwardFor.Instance)).Files);
            Assert.Equal(expected, FilesInMemory.Of(DatasetBuilder.Build(reread, null, Some)).Files);
        }, iter: 25, seed: "0000LibsvmC1");

    [Theory, InlineData(0, 6), InlineData(700, 4), InlineData(1 << 20, 2)]
    public void Shards_are_made_in_groups_whose_rows_take_no_more_than_their_room(int rowBytes, int passCount)
    {
        var table = Reread(Text(rowCount: 80), room: 0);

        var plan = DatasetBuilder.Plan(table, null, Some with { ValidationFraction = 0.5, Shards = 5 }).Streamed(rowBytes, SerialFor.Instance);

        Assert.Equal(passCount, plan.PassCount);
    }

    [Fact]
    public void Rows_that_fit_are_not_read_again()
    {
        var (kept, plan) = (Reread(Text(80), room: 1 << 20), DatasetBuilder.Plan(Reread(Text(80), room: 1 << 20), null, Some));

        Assert.True(ColumnsOf(kept).Rows.AreHeld);
        Assert.Equal((0, 0), (plan.Streamed(0, SerialFor.Instance).PassCount, plan.LargestShardRowBytes));
        Assert.Equal(plan.Size.TableBytes, plan.StreamedSize!.TableBytes);
    }

    [Fact]
    public void A_table_without_its_rows_is_smaller_by_them()
    {
        var table = Reread(Text(80), room: 0);
        var plan = DatasetBuilder.Plan(table, null, Some);

        Assert.Equal(plan.Size.TableBytes - ColumnsOf(table).Rows.Bytes, plan.StreamedSize!.TableBytes);
        Assert.InRange(plan.LargestShardRowBytes, ColumnsOf(table).Rows.Bytes / 4, ColumnsOf(table).Rows.Bytes / 2);
    }

    [Fact]
    public void One_long_row_among_short_ones_has_its_place()
    {
        var text = Text(10) + "1 " + string.Join(' ', Enumerable.Range(1, 200_000).Select(index => $"{index * 3}:{index}.5")) + "\n" + Text(10);

        var expected = DatasetBuilder.Build(Reread(text, room: 1 << 30), null, Some);

        Assert.Equal(FilesInMemory.Of(expected).Files, FilesInMemory.Of(DatasetBuilder.Plan(Reread(text, 0), null, Some).Streamed(0, SerialFor.Instance)).Files);
    }

    [Theory]
    [InlineData("3:1", "4:1", "another index")]
    [InlineData("3:1", "3:2", "another value")]
    [InlineData("1 1:79", "0 1:79", "another label")]
    [InlineData("3:1\n", "3:1 ", "a line end less")]
    [InlineData("3:1", "x:1", "no pair")]
    public void Text_that_changes_before_it_is_read_again_is_refused(string old, string changed, string what)
    {
        Assert.NotNull(what);
        var file = new RandomFile("s.svm", Text(80));
        var table = CompactLibsvm.TryRead([file], FormatOf([file]), Options, isExact: false, SerialFor.Instance, roomBytes: 0, chunkBytes: 64)!;
        var plan = DatasetBuilder.Plan(table, null, Some).Streamed(0, SerialFor.Instance);
        var at = file.Bytes.AsSpan().LastIndexOf(System.Text.Encoding.UTF8.GetBytes(old));
        System.Text.Encoding.UTF8.GetBytes(changed, file.Bytes.AsSpan(at));

        Assert.StartsWith("DT4009: s.svm was changed while it was read", Refusal.TextOf(() => FilesInMemory.Of(plan)));
    }

    [Fact]
    public void A_file_that_becomes_shorter_is_refused()
    {
        var file = new ShrinkingFile(Text(80));
        var table = CompactLibsvm.TryRead([file], FormatOf([file]), Options, isExact: false, SerialFor.Instance, roomBytes: 0, chunkBytes: 64)!;
        var plan = DatasetBuilder.Plan(table, null, Some).Streamed(0, SerialFor.Instance);
        file.Length /= 2;

        Assert.StartsWith("DT4009: s.svm was changed while it was read", Refusal.TextOf(() => FilesInMemory.Of(plan)));
    }

    [Fact]
    public void A_row_that_is_not_held_cannot_be_read()
    {
        var rows = ColumnsOf(Reread(Text(80), room: 0)).Rows;
        rows.Hold([3, 5]);

        rows.Read(5, new CompactRow());
        Assert.Throws<InvalidOperationException>(() => rows.Read(4, new CompactRow()));
    }

    /// <summary>Two classes; a feature that is dense, one of bits and sparse ones.</summary>
    static string Text(int rowCount) => string.Concat(Enumerable.Range(0, rowCount).Select(row =>
        $"{row % 2} 1:{row}.25 2:1{(row % 3 == 0 ? " 3:1" : "")} {10 + row}:1\n"));

    static Table Reread(string text, long room)
    {
        RandomFile[] files = [new("s.svm", text)];
        return CompactLibsvm.TryRead(files, FormatOf(files), Options, isExact: false, SerialFor.Instance, room, chunkBytes: 100)!;
    }

    static CompactColumns ColumnsOf(Table table) => Assert.IsType<CompactColumns>(table.Columns.Single());

    static DetectedFormat FormatOf(IReadOnlyList<IInputFile> files) => DetectedFormat.Of(files[0], Options);

    static IReadOnlyList<IInputFile> FilesOf(string[] texts) => [.. texts.Select((text, i) => new RandomFile($"{i}.svm", text))];

    sealed class ShrinkingFile(string text) : IInputFile
    {
        readonly RandomFile _file = new("s.svm", text);

        public int Length { get; set; } = text.Length;

        public string Name => _file.Name;

        public Stream Open() => _file.Open();

        public IRandomAccess OpenRandomAccess() => new RandomFile(Name, _file.Bytes[..Length]).OpenRandomAccess();
    }
}
