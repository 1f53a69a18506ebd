using System.Text;
using DistTrain.Data.Tables;
using DistTrain.Problems;
using static DistTrain.Shared.Tests.Data.Tables.TableTestInput;

namespace DistTrain.Shared.Tests.Data.Tables;

/// <summary>Refused input, each with its exact message.</summary>
public sealed class TableReaderRefusalTests
{
    [Theory]
    [InlineData("", "DT4011", "train.csv is empty")]
    [InlineData("a,label\n", "DT4003", "train.csv holds no rows")]
    [InlineData("\n\n", "DT4003", "train.csv holds no rows")]
    [InlineData("a,label\n\n  \n", "DT4003", "train.csv holds no rows")]
    [InlineData("a,b\n1,2\n", "DT4402", "train.csv has no column with a common label name")]
    [InlineData("a,label,a\n1,x,2\n", "DT4403", "train.csv:1:9: the header names column \"a\" twice")]
    [InlineData("a,,label\n1,2,x\n", "DT4404", "train.csv:1:3: column 2 of the header has no name")]
    [InlineData("1,2.5,-3\n4,5,6\n", "DT4405", "train.csv:1: the first line holds only numbers, so it looks like data, not like a header")]
    [InlineData("1::1074638::7\n1::2::3\n", "DT4405", "train.csv:1: the first line holds only numbers, so it looks like data, not like a header")]
    [InlineData("label\nx\ny\n", "DT4408", "train.csv has no column left to learn from")]
    [InlineData("a,label\n1,x\n1,2,3\n", "DT4201", "train.csv:3: the row has 3 cells, the header 2")]
    [InlineData("a,b,label\n1,2,x\n\n1\n", "DT4201", "train.csv:4: the row has 1 cell, the header 3")]
    [InlineData("a,label\n1,x\nNaN,y\n", "DT4203", "train.csv:3:1: NaN in column \"a\" is not a finite number")]
    [InlineData("b,a,label\n3,-inf,y\n2,1,x\n", "DT4203", "train.csv:2:3: -inf in column \"a\" is not a finite number")]
    [InlineData("a,label\n1,x\n1e999,y\n", "DT4203", "train.csv:3:1: 1e999 in column \"a\" is not a finite number")]
    [InlineData("a,b,label\n1,2,x\n3,,y\n", "DT4204", "train.csv:3:3: the cell in numeric column \"b\" is empty")]
    [InlineData("a,b,label\n1,,x\n,nan,y\n2,3,x\n", "DT4204", "train.csv:2:3: the cell in numeric column \"b\" is empty")]
    [InlineData("a,label\n1,x\n\"2,y\n3,z\n", "DT4205", "train.csv:3:1: a quote opens here and is never closed")]
    [InlineData("a,label\n1,\"x\ny\"\n2,\"\"\"y\n3,z\n", "DT4205", "train.csv:4:3: a quote opens here and is never closed")]
    [InlineData("a,label\n1,x\n\"2\"2,y\n", "DT4205", "train.csv:3:4: the cell goes on behind its closing quote")]
    [InlineData("a::b::label\n1::\"2\"3::y\n", "DT4205", "train.csv:2:7: the cell goes on behind its closing quote")]
    [InlineData("a,label\n1,x\n2e38,y\n", "DT4511", "train.csv:3:1: 2e38 in column \"a\" is too large")]
    [InlineData("a,label\n1,x\n2,\n", "DT4207", "train.csv:3:3: the label in column \"label\" is empty")]
    public void Malformed_input_is_refused_with_its_place(string text, string code, string message)
    {
        var problem = Refused(text);

        Assert.Equal((code, message, ExitCode.Input, "train.csv"), (problem.Code, problem.Message, problem.ExitCode, problem.File));
    }

    [Fact]
    public void A_place_is_that_of_the_cell_even_behind_quoted_line_ends() =>
        Assert.Equal(
            "train.csv:4:9: \"x\" in column \"b\" is not a number",
            Refused("a,b,label\n\"one\",1,q\n\"tw,\"\"o\n lines\",x,p\n", new TableOptions { Numeric = ["b"] }).Message);

    [Fact]
    public void A_column_counts_the_whole_delimiter() =>
        Assert.Equal(
            "train.csv:2:4: \"x\" in column \"b\" is not a number",
            Refused("a::b::label\n1::x::p\n", new TableOptions { Numeric = ["b"] }).Message);

    [Fact]
    public void Text_in_a_column_declared_numeric_says_what_to_do()
    {
        var problem = Refused("a,label\n1,x\ntwo,y\n", new TableOptions { Numeric = ["a"] });

        Assert.Equal("train.csv:3:1: \"two\" in column \"a\" is not a number", problem.Message);
        Assert.Equal(["expected: a number such as 3, -0.5 or 1e-3", "fix: --categorical a, if it is text", "fix: --bad-rows skip, if such rows do not matter"], problem.Details);
        Assert.Equal(3, problem.Line);
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("nan")]
    [InlineData("")]
    [InlineData("1e300")]
    [InlineData("much")]
    public void A_weight_is_a_finite_number_of_at_least_zero(string weight)
    {
        var problem = Refused($"a,w,label\n1,1,x\n2,{weight},y\n", new TableOptions { Weight = "w" });

        Assert.Equal(("DT4206", $"train.csv:3:3: \"{weight}\" in weight column \"w\" is no weight"), (problem.Code, problem.Message));
    }

    [Fact]
    public void A_column_that_is_not_there_gets_the_list_and_a_suggestion()
    {
        var problem = Refused("genre,year,label\nx,1,y\n", new TableOptions { Ignore = ["Gender"] });

        Assert.Equal(("DT4401", "train.csv has no column \"Gender\" (--ignore)"), (problem.Code, problem.Message));
        Assert.Equal(["columns: \"genre\", \"year\", \"label\"", "did you mean \"genre\"?", "fix: names as in the header, case included"], problem.Details);
    }

    [Fact]
    public void All_columns_that_are_not_there_are_told_at_once()
    {
        var problem = Refused("genre,year,label\nx,1,y\n", new TableOptions { Ignore = ["Gender"], Numeric = ["yaer", "zzzzzzzz"] });

        Assert.Equal("train.csv has no columns \"Gender\" (--ignore), \"yaer\" (--numeric), \"zzzzzzzz\" (--numeric)", problem.Message);
        Assert.Equal(
            ["columns: \"genre\", \"year\", \"label\"", "did you mean \"genre\" for \"Gender\"?", "did you mean \"year\" for \"yaer\"?", "fix: names as in the header, case included"],
            problem.Details);
    }

    [Fact]
    public void Libsvm_with_a_bad_line_gets_the_hint()
    {
        var problem = Refused("1 1:0.5 2:3\n0 1:x\n1 2:1\n");

        Assert.Equal("fix: --format libsvm, if it is that: the first line looks like it", problem.Details[^1]);
        Assert.DoesNotContain(
            problem.Details[^1], Refused("1 1:0.5 2:3\n0 1:x\n", new TableOptions { Format = TableFormat.Libsvm }).Details);
    }

    [Theory]
    [InlineData("a,c,label\n1,2,x\n", "found: column 2 is \"c\"", "expected: column 2 is \"b\", as in one.csv")]
    [InlineData("a,b\n1,2\n", "found: 2 columns", "expected: column 3 is \"label\", as in one.csv")]
    public void Headers_of_several_files_must_agree(string second, string found, string expected)
    {
        var problem = Refused(() => Read([new MemoryFile("one.csv", "a,b,label\n1,2,x\n"), new MemoryFile("two.csv", second)]));

        Assert.Equal(("two.csv:1: the header differs from that of one.csv", 1L), (problem.Message, problem.Line));
        Assert.Equal([found, expected, "fix: the same columns in the same order, or a run for each file"], problem.Details);
    }

    [Fact]
    public void Bytes_that_are_not_utf_8_are_located()
    {
        var problem = Refused(() => Read([new MemoryFile("train.csv", Encoding.Latin1.GetBytes("a,label\nb,x\ncafé,y\n"))]));

        Assert.Equal(("DT4006", "train.csv:3:4: these bytes are not UTF-8"), (problem.Code, problem.Message));
        Assert.Contains("fix: --encoding latin-1, or the name of its encoding", problem.Details);
    }

    [Fact]
    public void Lines_that_end_in_carriage_returns_alone_are_refused() =>
        Assert.Equal("train.csv has no line feeds: its lines end in carriage returns alone", Refused("a,label\r1,x\r").Message);

    [Fact]
    public void Binary_files_are_not_text() =>
        Assert.Equal("train.csv is not text: it holds zero bytes", Refused("a,b\0c").Message);

    [Theory]
    [InlineData("28B52FFD00", "zstd")]
    [InlineData("50415231AA", "Parquet")]
    [InlineData("4152524F57310000", "Arrow IPC")]
    [InlineData("504B030400", "ZIP (perhaps a spreadsheet)")]
    [InlineData("FD377A585A00", "xz")]
    [InlineData("425A683931415926", "bzip2")]
    [InlineData("04224D18", "LZ4")]
    public void Formats_that_cannot_be_read_are_named(string hex, string name)
    {
        var problem = Refused(() => Read([new MemoryFile("data.bin", Convert.FromHexString(hex))]));

        Assert.Equal(("DT4004", $"data.bin is {name}, which is not supported yet"), (problem.Code, problem.Message));
    }

    [Fact]
    public void Gzip_cut_short_anywhere_is_refused()
    {
        var packed = new MemoryFile("a.csv", "a,label\n" + string.Concat(Enumerable.Range(0, 500).Select(i => $"{i * 7919 % 1009},x\n"))).Gzipped();

        var end = packed.Bytes.Length;
        foreach (var length in Enumerable.Range(2, end - 2).Where(length => length % 37 == 0 || length > end - 10))
        {
            var problem = Refused(() => Read([packed with { Bytes = packed.Bytes[..length] }]));
            Assert.Equal("a.csv.gz is damaged gzip, or cut short", problem.Message);
        }
    }

    [Fact]
    public void Damaged_gzip_is_told_before_what_its_rows_seem_to_lack()
    {
        var packed = new MemoryFile("a.csv", "a,label\n1,x\n2\n").Gzipped();
        var damaged = packed with { Bytes = [.. packed.Bytes] };
        damaged.Bytes[^6] ^= 1;

        Assert.Equal(3, Refused(() => Read([packed])).Line);
        Assert.Equal("DT4007", Refused(() => Read([damaged])).Code);
    }

    [Fact]
    public void An_index_base_is_refused_where_delimited_text_is_detected() =>
        Assert.Equal("DT3115", Refused("a,label\n1,x\n", new TableOptions { IndexBase = 1 }).Code);

    [Fact]
    public void A_damaged_checksum_is_refused()
    {
        var packed = new MemoryFile("a.csv", "a,label\n1,x\n").Gzipped();
        packed.Bytes[^6] ^= 1;

        Assert.Equal("DT4007", Refused(() => Read([packed])).Code);
    }

    [Fact]
    public void A_line_beyond_16_MiB_is_refused()
    {
        var problem = Refused($"a,label\n{new string('x', (16 << 20) + 10)},y\n");
        Assert.Equal(("DT4008", "train.csv:2: the line is longer than 16 MiB"), (problem.Code, problem.Message));
    }

    [Theory, InlineData("a,label\n"), InlineData("1 1:1\n0 1:2\n")]
    public void A_line_that_never_ends_is_read_no_further_than_it_may(string before)
    {
        var endless = new EndlessFile(before, "1:1 ");

        Assert.Equal("DT4008", Refused(() => Read([endless])).Code);
        Assert.InRange(endless.BytesGiven, 16 << 20, 34 << 20);
    }

    [Fact]
    public void Too_many_columns_are_refused()
    {
        var problem = Refused(string.Join(",", Enumerable.Range(0, 65_537).Select(i => $"c{i}")) + "\n");
        Assert.Equal(("DT4407", "train.csv has 65537 columns"), (problem.Code, problem.Message));
    }

    [Fact]
    public void The_character_that_stands_for_long_delimiters_is_refused() =>
        Assert.Equal("DT4208", Refused("a::label\nx\u001Fy::1\n").Code);
}
