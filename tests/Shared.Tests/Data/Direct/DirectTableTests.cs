using System.Text;
using CsCheck;
using DistTrain.Data.Direct;
using DistTrain.Data.Schema;
using DistTrain.Data.Tables;
using DistTrain.Data.Tables.Delimited;
using DistTrain.Numerics;

namespace DistTrain.Shared.Tests.Data.Direct;

public class DirectTableTests
{
    const int All = 1 << 20;

    [Theory]
    [InlineData("a,b,class\nred,-2.5,x\nblue,1e-3,y\nred,.5,x\n", "text and numbers")]
    [InlineData("a,b,class\n1,2,x\n2,3,y\nmore,4,x\n", "text from the third row on")]
    [InlineData("a,b,class\r\nr,1,x\r\n\r\n\n,2,y\r\nr,3,x", "carriage returns, blank lines, an empty text, no line end at the end")]
    [InlineData("\uFEFFa,b,class\né,2,é\nñandú,4,ü\n", "a mark, and texts beyond ASCII")]
    [InlineData("\"a\",\"b\",\"class\"\n\"u,v\",\"2\",\"x y\"\n\"\",4,\"u,v\"\nu,6,x y\n", "quotes")]
    [InlineData("a;b;class;unused\n1;t;x;\"p;q\"\n3;u;y;\n", "semicolons and an ignored column")]
    [InlineData("\n\r\na,b,class\n1,2,x\n3,4,y\n", "blank lines before the header")]
    [InlineData("a,b,class\n 1, t,x\n+3,t ,y\n", "spaces")]
    [InlineData("a,b,class\n12345678,abcdefgh,x\n123456789,abcdefghi,y\n0.12345678901234567,abcdefghabcdefgh,x\n1e3,abcdefghabcdefghi,y\n", "lengths")]
    [InlineData("a,b,class\nnan,,x\n1e300,2,y\nt,u,y\n", "odd cells in what is text in the end")]
    public void It_gives_what_reading_row_by_row_gives(string text, string what)
    {
        Assert.NotNull(what);
        var options = new TableOptions { Ignore = text.Contains("unused", StringComparison.Ordinal) ? ["unused"] : [] };

        MustBeRead([new RandomFile("d.csv", text)], options);
    }

    [Fact]
    public void Empty_cells_are_missing_where_they_may_be()
    {
        RandomFile[] files = [new("d.csv", "a,b,class\n,2,x\n3,,y\n,t,y\n")];

        MustBeRead(files, new TableOptions { Missing = MissingCells.Mean });
        MustBeRead(files, new TableOptions { Missing = MissingCells.Mean, Numeric = ["a"], Categorical = ["b"] });
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(4)]
    public void Generated_files_give_the_same_wherever_they_are_cut(ulong seed)
    {
        var random = new CounterRandom(seed, 1);
        var text = Generated(random, rowCount: 900);
        var half = text.Length / 2 + text[(text.Length / 2)..].IndexOf('\n') + 1;
        var header = text[..(text.IndexOf('\n') + 1)];

        MustBeRead(
            [new("1.csv", text[..half]), new("2.csv", "\n" + header + text[half..])],
            new TableOptions { Weight = "w", Ignore = ["skip"], Label = "kind", Missing = MissingCells.Mean });
    }

    [Theory]
    [InlineData("a,b,class\nt,2,x\nu,,y\n", "an empty cell among numbers")]
    [InlineData("a,b,class\nt,2,x\nu,nan,y\n", "not finite")]
    [InlineData("a,b,class\nt,2,x\nu,1e300,y\n", "too large")]
    [InlineData("a,b,class\n,2,x\n,3,y\n", "a column of nothing")]
    [InlineData("a,b,class\nt,2,x\nu,4\n", "a cell too few")]
    [InlineData("a,b,class\nt,2,x\nu,4,5,y\n", "a cell too many")]
    [InlineData("a,b,class\nt,2,x\nu,4,\n", "no label")]
    [InlineData("a,b,class\nt,2,x\nu,\"4,y\n", "an open quote")]
    [InlineData("a,b,class\nt,2,x\nu,4,\"y\nz\"\n", "a line end in quotes")]
    [InlineData("a,b,class\nt,2,x\n\"u\"\"v\",4,y\n", "a doubled quote")]
    [InlineData("a,b,class\nt,2,x\nu\rv,4,y\n", "a carriage return inside")]
    [InlineData("a,b,class\nt,2,x\n   \nu,4,y\n", "a line of spaces")]
    [InlineData("a,b,class\n", "no rows")]
    [InlineData("a::b::class\nt::2::x\nu::4::y\n", "a long delimiter")]
    public void Whatever_is_out_of_the_ordinary_is_left_to_reading_row_by_row(string text, string what)
    {
        Assert.NotNull(what);
        foreach (var chunkBytes in new[] { 1, 7, All })
            Assert.Null(Read([new RandomFile("d.csv", text)], new TableOptions(), SerialFor.Instance, chunkBytes));
    }

    [Fact]
    public void Malformed_UTF_8_in_any_cell_is_left_to_reading_row_by_row()
    {
        foreach (var header in new[] { "a,class,skip", "a,skip,class", "skip,class,a" })
        {
            byte[] text = [.. Encoding.UTF8.GetBytes(header + "\nt,x,y\nu,y,"), 0xC3, (byte)'\n'];
            Assert.Null(Read([new RandomFile("d.csv", text)], new TableOptions { Ignore = ["skip"] }, SerialFor.Instance, All));
        }
    }

    [Fact]
    public void Labels_that_there_may_not_be_are_left_to_reading_row_by_row()
    {
        RandomFile[] files = [new("d.csv", "a,class\nt,x\nu,y\n")];

        Assert.NotNull(Read(files, new TableOptions { Labels = new LabelRule(["x", "y"], AreOfModel: false) }, SerialFor.Instance, All));
        Assert.Null(Read(files, new TableOptions { Labels = new LabelRule(["x"], AreOfModel: false) }, SerialFor.Instance, All));
    }

    [Theory, InlineData(true), InlineData(false)]
    public void Rows_for_a_model_are_those_read_row_by_row(bool labelRequired)
    {
        var schema = new FeatureSchema([new NumericColumnSchema("size", 0, MissingValue: null), new CategoricalColumnSchema("colour", ["red", "blue"])]);
        RandomFile[] files = [new("d.csv", "colour,label,size,extra\nred,x,1,7\ngreen,y,-2.5,z\n,x,1e2,\n")];

        var expected = TableReader.ReadFor(files, new TableOptions(), schema, "label", labelRequired);

        MustEqual(expected, TableReader.ReadFor(files, new TableOptions(), schema, "label", labelRequired, SerialFor.Instance));
        MustEqual(expected, DirectTable.TryRead(
            files, TableReader.FormatOf(files, new TableOptions()), labels: null,
            header => ColumnRoles.ForModel(header, new TableOptions(), schema, labelRequired ? "label" : null), SerialFor.Instance, 5)!);
    }

    static readonly string[] Cells =
        ["1", "-2.5", "", "t", "long text of a cell", "\"q\"", "\"q,r\"", "\"q\"\"r\"", " 3 ", "é", "nan", "1e999", "\"", "\r", "\n", "\uFFFF", "7", "u"];

    static readonly Gen<string[]> Rows =
        Gen.Int[0, Cells.Length - 1].Array[2].Select(cells => string.Join(',', cells.Select(cell => Cells[cell]))).Array[1, 6];

    [Fact]
    public void Whatever_is_read_is_what_reading_row_by_row_gives()
    {
        var readCount = 0;
        Gen.Select(Rows, Gen.Bool, Gen.Int[1, 40]).Sample((rows, mean, chunkBytes) =>
        {
            RandomFile[] files = [new("f.csv", "a,b,label\n" + string.Join('\n', rows.Select((row, i) => $"{row},{i % 2}")))];
            var options = new TableOptions { Missing = mean ? MissingCells.Mean : MissingCells.Error };
            if (Read(files, options, SerialFor.Instance, chunkBytes) is not { } read) return;
            MustEqual(TableReader.Read(files, options), read);
            Interlocked.Increment(ref readCount);
        }, iter: 5_000);
        Assert.InRange(readCount, 500, 4_500);
    }

    static Table? Read(IInputFile[] files, TableOptions options, IParallelFor parallel, int chunkBytes) => DirectTable.TryRead(
        files, TableReader.FormatOf(files, options), options.Labels, header => ColumnRoles.ForTraining(header, options), parallel, chunkBytes);

    /// <summary>Reads the files both ways, cut in several ways.</summary>
    static void MustBeRead(RandomFile[] files, TableOptions options)
    {
        var expected = TableReader.Read(files, options);
        foreach (var bytes in new[] { 1, 5, 16, 64, 5000, All })
        {
            foreach (var parallel in new IParallelFor[] { SerialFor.Instance, BackwardsFor.Instance })
            {
                var read = Read(files, options, parallel, bytes);

                Assert.NotNull(read);
                MustEqual(expected, read);
            }
        }
    }

    static void MustEqual(Table expected, Table found)
    {
        Assert.Equal(expected.RowCount, found.RowCount);
        Assert.Equal(expected.Lines, found.Lines);
        Assert.Equal(expected.Weights, found.Weights);
        Assert.Equal(expected.Form, found.Form);
        Assert.Equal(expected.Files.AsEnumerable(), found.Files);
        Assert.Equal(expected.Findings.AsEnumerable(), found.Findings);
        Assert.Equal(expected.Bad, found.Bad);
        Assert.Equal(expected.Columns.Length, found.Columns.Length);
        foreach (var (one, other) in expected.Columns.Append(expected.Label).Zip(found.Columns.Append(found.Label))) MustEqual(one, other);
    }

    static void MustEqual(TableColumn? expected, TableColumn? found)
    {
        Assert.Equal(expected?.Name, found?.Name);
        if (expected is NumericColumn numbers)
            Assert.Equal(numbers.Values.Select(BitConverter.DoubleToInt64Bits), Assert.IsType<NumericColumn>(found).Values.Select(BitConverter.DoubleToInt64Bits));
        if (expected is not TextColumn text) return;
        Assert.Equal(text.Codes, Assert.IsType<TextColumn>(found).Codes);
        Assert.Equal(text.Dictionary.AsEnumerable(), ((TextColumn)found).Dictionary);
    }

    /// <summary>Rows of numbers, few texts and many, missing cells, weights, quotes, blank lines and both line ends; a late cell makes a column text.</summary>
    static string Generated(CounterRandom random, int rowCount)
    {
        var text = new StringBuilder("a,skip,b,w,id,late,kind\n");
        for (var row = 0; row < rowCount; row++)
        {
            var kind = $"k{(int)(random.NextDouble() * 4)}";
            var number = random.NextDouble() < 0.1 ? "" : FormattableString.Invariant($"{random.NextDouble() * 100 - 40:R}");
            var colour = random.NextDouble() < 0.1 ? "" : random.NextDouble() < 0.5 ? "red" : "a colour with a very long name";
            var late = row == rowCount - 30 ? "late" : $"{row % 10}";
            var end = random.NextDouble() < 0.5 ? "\r\n" : "\n";
            text.Append($"{number},{(row % 7 == 0 ? "\"x,y\"" : "")},{colour},{row % 4},user-{random.NextUInt64() % 500},{late},{(row % 5 == 0 ? $"\"{kind}\"" : kind)}{end}");
            if (row % 11 == 0) text.Append(end);
        }
        return text.ToString();
    }
}
