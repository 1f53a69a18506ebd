using System.Runtime.InteropServices;
using System.Text;
using DistTrain.Data;
using DistTrain.Data.Direct;
using DistTrain.Data.Storage;
using DistTrain.Data.Tables;
using DistTrain.Numerics;
using DistTrain.Shared.Tests.Data.Tables;
using DistTrain.Shared.Tests.Formats.Datasets;

namespace DistTrain.Shared.Tests.Data.Direct;

public class DirectReadingTests
{
    static readonly DatasetOptions Plain = new();

    [Theory]
    [InlineData("a,b,class\n1,-2.5,x\n3.25,1e-3,y\n-0,.5,x\n5.,7,y\n", "plain")]
    [InlineData("a,b,class\r\n1,-2.5,x\r\n\r\n\n3.25,1e-3,y\r\n4,5,x", "carriage returns, blank lines, no line end at the end")]
    [InlineData("\uFEFFa,b,class\n1,2,é\n3,4,ü\n", "a mark, and labels beyond ASCII")]
    [InlineData("\"a\",\"b\",\"class\"\n1,\"2\",\"x y\"\n\"3\",4,\"u,v\"\n5,6,x y\n", "quotes")]
    [InlineData("a;b;class;unused\n1;2;x;\"p;q\"\n3;4;y;\n", "semicolons and an ignored column")]
    [InlineData("\n\r\na,b,class\n1,2,x\n3,4,y\n", "blank lines before the header")]
    [InlineData("class,a,b\nx, 1,2 \ny,+3,4E+2\n", "label first, spaces around numbers")]
    [InlineData("a,b,class\n0.12345678901234567,123456789,x\n12345678.5,99999999999999999999,y\n1.0000000001,-1234567.,x\n", "long numbers")]
    public void It_gives_what_the_general_way_gives(string text, string what)
    {
        Assert.NotNull(what);
        var options = new TableOptions { Ignore = text.Contains("unused", StringComparison.Ordinal) ? ["unused"] : [] };

        MustBeRead([new RandomFile("d.csv", text)], options, Plain with { ValidationFraction = 0 });
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(4)]
    public void Generated_files_give_what_the_general_way_gives_wherever_they_are_cut(ulong seed)
    {
        var random = new CounterRandom(seed, 1);
        var text = Generated(random, rowCount: 60 + (int)(random.NextDouble() * 200));
        var half = text.Length / 2 + text[(text.Length / 2)..].IndexOf('\n') + 1;
        var header = text[..(text.IndexOf('\n') + 1)];
        RandomFile[] files = [new("1.csv", text[..half]), new("2.csv", header + text[half..])];
        var options = new TableOptions { Weight = "w", Ignore = ["skip"], Label = "kind" };

        MustBeRead(files, options, Plain with { Seed = seed });
        MustBeRead(files, options, Plain with { Seed = seed, ValidationFraction = 0.4, Shards = 3 });
        MustBeRead(files, options, Plain with { Seed = seed, DenseFormat = DenseFormat.Bf16 });
    }

    [Fact]
    public void Many_rows_have_the_centres_and_shards_of_the_general_way()
    {
        var text = new StringBuilder("a,b,class\n");
        var random = new CounterRandom(5, 1);
        for (var row = 0; row < 9_000; row++) text.Append($"{row},{1 + random.NextDouble():0.000},{(row % 3 == 0 ? "no" : "yes")}\n");

        MustBeRead([new RandomFile("d.csv", text.ToString())], new TableOptions(), Plain, 1 << 10, DirectReading.ChunkBytes);
    }

    [Theory, InlineData(7), InlineData(8), InlineData(12), InlineData(19)]
    public void Rows_of_many_columns_give_what_the_general_way_gives(int columnCount)
    {
        var random = new CounterRandom(7, 1);

        MustBeRead([new RandomFile("d.csv", Wide(columnCount, rowCount: 40, (_, _) => $"{random.NextDouble() * 100 - 40:R}"))], new TableOptions(), Plain);
    }

    [Theory, InlineData(0), InlineData(1)]
    public void One_column_among_many_that_is_not_held_dense_is_left_to_the_general_way(int oneCount)
    {
        const int ColumnCount = 11;
        for (var odd = 0; odd < ColumnCount; odd++)
        {
            var text = Wide(ColumnCount, rowCount: 4, (row, column) => column != odd ? $"{row + column + 2}" : row < oneCount ? "1" : "0");

            Assert.Null(Read([new RandomFile("d.csv", text)], new TableOptions(), Plain with { ValidationFraction = 0 }, DirectReading.ChunkBytes));
        }
    }

    [Theory]
    [InlineData("a,b,class\n1,2,x\n3,,y\n", "an empty cell")]
    [InlineData("a,b,class\n1,2,x\n3,t,y\n", "text")]
    [InlineData("a,b,class\n1,2,x\n3,nan,y\n", "not finite")]
    [InlineData("a,b,class\n1,2,x\n3,1e300,y\n", "too large")]
    [InlineData("a,b,class\n1,2,x\n3,4\n", "a cell too few")]
    [InlineData("a,b,class\n1,2,x\n3,4,5,y\n", "a cell too many")]
    [InlineData("a,b,class\n1,2,x\n3,4,\n", "no label")]
    [InlineData("a,b,class\n1,2,x\n3,\"4,y\n", "an open quote")]
    [InlineData("a,b,class\n1,2,x\n3,4,\"y\nz\"\n", "a line end in quotes")]
    [InlineData("a,b,class\n1,2,x\n3,4,y\"z\n", "a quote inside")]
    [InlineData("a,b,class\n1,2,x\n3,4,\"y\"\"z\"\n", "a doubled quote")]
    [InlineData("a,b,class\n1,2,x\n3,4,y\r", "a carriage return at the end")]
    [InlineData("a,b,class\n1,2,x\n3,4\r5,y\n", "a carriage return inside")]
    [InlineData("a,b,class\n1,2,x\n3,4,x\n", "one class")]
    [InlineData("a,b,class\n", "no rows")]
    [InlineData("a,b,class\n0,2,x\n0,4,y\n0,4,y\n0,4,y\n", "zeros")]
    [InlineData("a,b,class\n1,2,x\n0,4,y\n1,4,y\n", "zeros and ones")]
    [InlineData("a,b,class\n1,2,x\n   \n3,4,y\n", "a line of spaces")]
    [InlineData("a,b,class\n1,2,x\n1 2,4,y\n", "two numbers in a cell")]
    [InlineData("a::b::class\n1::2::x\n3::4::y\n", "a long delimiter")]
    public void Whatever_is_out_of_the_ordinary_is_left_to_the_general_way(string text, string what)
    {
        Assert.NotNull(what);
        foreach (var chunkBytes in new[] { 1, 7, DirectReading.ChunkBytes })
            Assert.Null(Read([new RandomFile("d.csv", text)], new TableOptions(), Plain with { ValidationFraction = 0 }, chunkBytes));
    }

    [Fact]
    public void Malformed_UTF_8_in_any_cell_is_left_to_the_general_way()
    {
        foreach (var name in new[] { "class", "skip" })
        {
            byte[] text = [.. Encoding.UTF8.GetBytes($"a,b,{(name == "class" ? "skip,class" : "class,skip")}\n1,2,x,y\n3,4,y,"), 0xC3, (byte)'\n'];
            Assert.Null(Read([new RandomFile("d.csv", text)], new TableOptions { Ignore = ["skip"] }, Plain with { ValidationFraction = 0 }, 64));
        }
    }

    [Fact]
    public void Files_that_are_packed_or_known_from_the_start_on_only_are_left_to_the_general_way()
    {
        var plain = new MemoryFile("d.csv", "a,b,class\n1,2,x\n3,4,y\n");

        Assert.Null(Read([plain], new TableOptions(), Plain, 64));
        Assert.Null(Read([new RandomFile("d.csv.gz", plain.Gzipped().Bytes)], new TableOptions(), Plain, 64));
    }

    [Fact]
    public void Options_that_change_what_rows_mean_are_left_to_the_general_way()
    {
        RandomFile[] files = [new("d.csv", "a,b,class\n1,2,x\n3,4,y\n")];

        Assert.Null(Read(files, new TableOptions { Missing = MissingCells.Mean }, Plain, 64));
        Assert.Null(Read(files, new TableOptions { Categorical = ["a"] }, Plain, 64));
        Assert.Null(Read(files, new TableOptions { Labels = new LabelRule(["x"], AreOfModel: false) }, Plain, 64));
    }

    [Fact]
    public void Without_memory_no_room_is_made()
    {
        DatasetSize? asked = null;

        var read = DirectReading.Read(
            [new RandomFile("d.csv", "a,b,class\n1,2,x\n3,4,y\n")], new TableOptions(), Plain with { ValidationFraction = 0 },
            size => (asked = size) is null, SerialFor.Instance);

        Assert.Null(read);
        Assert.Equal((2, 2, 8), (asked!.RowCount, asked.ClassCount, asked.DenseStride));
    }

    [Theory, InlineData(1, 6), InlineData(60_000, 4), InlineData(1 << 30, 2)]
    public void Shards_made_in_groups_are_those_made_at_once(long shardBytes, int passCount)
    {
        var text = Generated(new CounterRandom(6, 1), rowCount: 2_000);
        var (options, dataset) = (new TableOptions { Weight = "w", Ignore = ["skip"], Label = "kind" }, Plain with { Seed = 6, Shards = 5, ValidationFraction = 0.3 });
        RandomFile[] files = [new("d.csv", text)];

        foreach (var parallel in new IParallelFor[] { SerialFor.Instance, BackwardsFor.Instance })
        {
            using var reading = DirectReading.Open(files, options, dataset, parallel, chunkBytes: 1000);
            using var groups = reading!.ReadGrouped(shardBytes);

            Assert.Equal(passCount, groups!.Plan.PassCount);
            Assert.Equal(FilesInMemory.Of(Read(files, options, dataset, 1 << 20)!.Dataset).Files, FilesInMemory.Of(groups.Plan).Files);
        }
    }

    [Fact]
    public void Text_that_changes_between_two_groups_is_refused()
    {
        var text = Generated(new CounterRandom(6, 1), rowCount: 100);
        var file = new RandomFile("d.csv", text);
        var options = new TableOptions { Weight = "w", Ignore = ["skip"], Label = "kind" };
        using var reading = DirectReading.Open([file], options, Plain with { Shards = 5 }, SerialFor.Instance);
        using var groups = reading!.ReadGrouped(1);
        file.Bytes.AsSpan()[^40..].Fill((byte)'\n');

        Assert.StartsWith("DT4009: d.csv was changed", Refusal.TextOf(() => FilesInMemory.Of(groups!.Plan)));
    }

    static DirectDataset? Read(IInputFile[] files, TableOptions options, DatasetOptions dataset, int chunkBytes) =>
        DirectReading.Read(files, options, dataset, _ => true, SerialFor.Instance, chunkBytes);

    /// <summary>Reads the files both ways, cut in several ways, and compares all there is.</summary>
    static void MustBeRead(RandomFile[] files, TableOptions options, DatasetOptions dataset, params ReadOnlySpan<int> chunkBytes)
    {
        var table = TableReader.Read(files, options);
        var plan = DatasetBuilder.Plan(table, null, dataset);
        var expected = plan.Assemble();
        foreach (var bytes in chunkBytes.IsEmpty ? [1, 5, 16, 64, 1 << 20] : chunkBytes)
        {
            foreach (var parallel in new IParallelFor[] { SerialFor.Instance, BackwardsFor.Instance })
            {
                var read = DirectReading.Read(files, options, dataset, _ => true, parallel, bytes);

                Assert.NotNull(read);
                Assert.Equal(table.Files.AsEnumerable(), read.Table.Files);
                Assert.Equal(table.Findings.AsEnumerable(), read.Table.Findings);
                Assert.Equal(table.Form, read.Table.Form);
                Assert.Equal(table.Weights, read.Table.Weights);
                Assert.Equal(table.Label!.Codes, read.Table.Label!.Codes);
                Assert.Equal(table.Label.Dictionary.AsEnumerable(), read.Table.Label.Dictionary);
                Assert.Equal(plan.Findings.AsEnumerable(), read.Findings);
                Assert.Equal(plan.Size with { TableBytes = 0 }, read.Size with { TableBytes = 0 });
                MustEqual(expected, read.Dataset);
            }
        }
    }

    static void MustEqual(Dataset expected, Dataset found)
    {
        Assert.Equal(expected.Manifest.Fingerprint, found.Manifest.Fingerprint);
        Assert.Equivalent(expected.Manifest, found.Manifest, strict: true);
        Assert.Equal(expected.Schema.Columns.AsEnumerable(), found.Schema.Columns);
        Assert.Equal(expected.Classes.Names.AsEnumerable(), found.Classes.Names);
        foreach (var part in new[] { DatasetPart.Training, DatasetPart.Validation })
        {
            foreach (var (one, other) in expected.RowsOf(part).Zip(found.RowsOf(part)))
            {
                Assert.Equal(one.Dense.Format, other.Dense.Format);
                Assert.Equal(
                    MemoryMarshal.Cast<float, int>(one.Dense.Elements()).ToArray(), MemoryMarshal.Cast<float, int>(other.Dense.Elements()).ToArray());
                Assert.Equal(one.Labels, other.Labels);
                Assert.Equal(one.Weights, other.Weights);
                Assert.Equal(one.SourceRows, other.SourceRows);
            }
        }
    }

    /// <summary>Rows of two classes in turn.</summary>
    static string Wide(int columnCount, int rowCount, Func<int, int, string> cell)
    {
        var columns = Enumerable.Range(0, columnCount);
        var text = new StringBuilder($"{string.Join(',', columns.Select(column => $"f{column}"))},class\n");
        for (var row = 0; row < rowCount; row++)
            text.Append($"{string.Join(',', columns.Select(column => cell(row, column)))},{(row % 2 == 0 ? "x" : "y")}\n");
        return text.ToString();
    }

    /// <summary>Rows of numbers written in many ways, with weights, an ignored column, quotes, blank lines and both line ends.</summary>
    static string Generated(CounterRandom random, int rowCount)
    {
        var text = new StringBuilder("a,skip,b,w,c,kind\n");
        for (var row = 0; row < rowCount; row++)
        {
            var kind = $"k{(int)(random.NextDouble() * 4)}";
            var end = random.NextDouble() < 0.5 ? "\r\n" : "\n";
            text.Append($"{Number()},{(row % 7 == 0 ? "\"x,y\"" : "")},{Number()},{row % 4},{Number()},{(row % 5 == 0 ? $"\"{kind}\"" : kind)}{end}");
            if (row % 11 == 0) text.Append(end);
        }
        return text.ToString();

        string Number()
        {
            var x = (random.NextDouble() - 0.4) * 100;
            string[] forms = ["0", "0.##", "0.0000", "0.00000000000", "0.000E+00", "R"];
            return x.ToString(forms[(int)(random.NextDouble() * forms.Length)], System.Globalization.CultureInfo.InvariantCulture);
        }
    }
}
