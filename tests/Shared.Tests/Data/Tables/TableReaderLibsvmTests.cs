using System.Text;
using DistTrain.Data.Schema;
using DistTrain.Data.Tables;
using DistTrain.Problems;
using static DistTrain.Shared.Tests.Data.Tables.TableTestInput;

namespace DistTrain.Shared.Tests.Data.Tables;

public sealed class TableReaderLibsvmTests
{
    const string Small = "1 1:1 3:0.5\n-1 2:-2.5e-1\n1\n";

    static readonly FeatureSchema Schema = new([new IndexedColumnsSchema([1, 2, 3], [0, 0, 0], 1)]);

    [Fact]
    public void A_small_file_becomes_rows_of_pairs()
    {
        var table = Read(Small);
        var features = Assert.IsType<IndexedColumns>(Assert.Single(table.Columns));

        Assert.Equal([0L, 2, 3, 3], features.RowStarts);
        Assert.Equal([1, 3, 2], features.Indices);
        Assert.Equal([1, 0.5, -0.25], features.Values);
        Assert.Equal(1, features.IndexBase);
        Assert.Equal("1|-1|1", table.Label!.Shown());
        Assert.Equal([1, 2, 3], table.Lines);
    }

    [Fact]
    public void Every_guess_is_told() =>
        Assert.Equal(
            [
                "format    LIBSVM (detected; --format to change)",
                "encoding  UTF-8 (assumed; --encoding to change)",
                "indices   from 1 (index 0 does not occur; --index-base to change)",
            ],
            Read(Small).Findings.AsEnumerable());

    [Theory]
    [InlineData("+1 1:1 3:0.5\n-1 2:-.25\n1")]
    [InlineData("1 1:1 3:0.5\r\n-1 2:-0.25\r\n1\r\n")]
    [InlineData("# a comment\n\n1  1:1\t3:5e-1 # 4:4\n-1 2:-0.2500000000000000000000\n   \n1#\n")]
    [InlineData("\uFEFF1 1:1 2:0 3:0.5\n-1 1:-0 2:-0.25\n1 5:0.000\n")]
    public void Spellings_of_the_same_rows_read_the_same(string text) => Assert.Equal(Read(Small).Shown(), Read(text).Shown());

    [Fact]
    public void Lines_are_physical() => Assert.Equal([2, 5], Read("# c\n1 1:1\n\n# d\n2 1:1").Lines);

    [Fact]
    public void Labels_may_be_names() => Assert.Equal("like|über|+x", Read("like 1:1\nüber 1:2\n+x 2:2\n").Label!.Shown());

    [Theory]
    [InlineData("1 0:1\n2 3:1\n", null, 0)]
    [InlineData("1 1:1\n2 0:0\n", null, 0)]
    [InlineData("1 1:1\n2 3:1\n", 0, 0)]
    [InlineData("1 1:1\n2 3:1\n", 1, 1)]
    public void The_index_base_is_that_of_the_whole_input_or_as_said(string text, int? said, int expected) =>
        Assert.Equal(expected, ((IndexedColumns)Read(text, new TableOptions { IndexBase = said }).Columns[0]).IndexBase);

    [Fact]
    public void The_largest_index_is_that_of_32_bits() => Assert.Equal("2147483647:1", Read("1 2147483647:1\n").Columns[0].Shown());

    [Fact]
    public void Several_packed_files_are_one_table() =>
        Assert.Equal(
            Read(Small).Shown(),
            Read([new MemoryFile("a", "1 1:1 3:0.5\n").Gzipped(), new MemoryFile("b", "-1 2:-2.5e-1\n1\n")]).Shown());

    [Fact]
    public void Lines_longer_than_the_buffer_are_whole()
    {
        var pairs = string.Join(" ", Enumerable.Range(1, 100_000).Select(i => $"{i}:1"));

        Assert.Equal($"{pairs}|7:1", Read($"1 {pairs}\n2 7:1\n").Columns[0].Shown());
    }

    [Fact]
    public void Other_encodings_are_translated() =>
        Assert.Equal(
            "é",
            Read([new MemoryFile("a", Encoding.Latin1.GetBytes("é 1:1\n"))], new TableOptions { Encoding = "latin-1" }).Label!.Shown());

    [Theory]
    [InlineData("1 1:1 x\n", "DT4301", "1:7: \"x\" is not index:value")]
    [InlineData("1 1:1 -2:1\n", "DT4301", "1:7: \"-2:1\" is not index:value")]
    [InlineData("1 1:1 2:1x\n", "DT4301", "1:7: \"2:1x\" is not index:value")]
    [InlineData("1 1:1 2:\n", "DT4301", "1:7: \"2:\" is not index:value")]
    [InlineData("1 1:1 2 :1\n", "DT4301", "1:7: \"2\" is not index:value")]
    [InlineData("1 1:1\n3:1\n", "DT4302", "2:1: the line starts without a label")]
    [InlineData("1 qid:3 1:1\n", "DT4303", "1:3: query ids (qid:) belong to ranking, which is not what is trained here")]
    [InlineData("1 1:1\n1 3:1 2:1\n", "DT4304", "2:7: index 2 comes after 3")]
    [InlineData("1 3:1 3:0\n", "DT4304", "1:7: index 3 occurs twice")]
    [InlineData("1 1:1 2147483648:1\n", "DT4305", "1:7: index 2147483648 is too large")]
    [InlineData("1 1:1 99999999999999999999:1\n", "DT4305", "1:7: index 99999999999999999999 is too large")]
    [InlineData("1 1:nan\n", "DT4306", "1:5: nan is not a finite number")]
    [InlineData("1 1:1 2:-Infinity\n", "DT4306", "1:9: -Infinity is not a finite number")]
    [InlineData("1 1:1e999\n", "DT4306", "1:5: 1e999 is not a finite number")]
    public void Malformed_lines_are_refused_with_their_place(string text, string code, string place)
    {
        var problem = Refused(text, new TableOptions { Format = TableFormat.Libsvm });

        Assert.Equal((code, $"train.csv:{place}", ExitCode.Input), (problem.Code, problem.Message, problem.ExitCode));
    }

    [Fact]
    public void Index_zero_is_refused_where_the_base_is_one() =>
        Assert.Equal(
            "train.csv:2:3: index 0 occurs, but indices count from 1 (--index-base, or the model's)",
            Refused("1 1:1\n1 0:1\n", new TableOptions { IndexBase = 1 }).Message);

    [Fact]
    public void A_label_that_is_not_utf_8_is_located() =>
        Assert.Equal(
            "a:2:1: the label is not UTF-8",
            Refused(() => Read([new MemoryFile("a", Encoding.Latin1.GetBytes("x 1:1\né 1:1\n"))])).Message);

    [Fact]
    public void A_line_beyond_16_MiB_is_refused() =>
        Assert.Equal(
            "train.csv:2: the line is longer than 16 MiB",
            Refused($"1 1:1\n2 1:1{new string(' ', 16 << 20)}\n").Message);

    [Theory]
    [InlineData("# nothing\n\n")]
    [InlineData(" \n")]
    public void A_file_without_rows_is_refused(string text) =>
        Assert.Equal("DT4003", Refused(text, new TableOptions { Format = TableFormat.Libsvm }).Code);

    [Fact]
    public void Options_for_columns_are_refused()
    {
        var problem = Refused(Small, new TableOptions { Label = "class" });

        Assert.Equal(("DT3113", ExitCode.Configuration), (problem.Code, problem.ExitCode));
        Assert.Equal("--label has no meaning for LIBSVM input, which has no named columns", problem.Message);
    }

    [Fact]
    public void Rows_to_predict_need_no_labels()
    {
        var table = TableReader.ReadFor([new MemoryFile("a", "1:1\n9 2:1\n")], new TableOptions(), Schema, null, labelRequired: false);

        Assert.Equal("IndexedColumns features 1:1|2:1\nno labels", table.Shown());
    }

    [Fact]
    public void A_file_that_counts_from_zero_is_brought_to_the_models_base()
    {
        var table = TableReader.ReadFor(
            [new MemoryFile("a", "x 0:1 2:1\n")], new TableOptions { IndexBase = 0 }, Schema, null, labelRequired: true);

        Assert.Equal("1:1 3:1", table.Columns[0].Shown());
        Assert.Equal(1, ((IndexedColumns)table.Columns[0]).IndexBase);
    }

    [Fact]
    public void Index_zero_is_refused_where_the_model_counts_from_one() =>
        Assert.Equal(
            "DT4307",
            Refused(() => TableReader.ReadFor([new MemoryFile("a", "x 0:1\n")], new TableOptions(), Schema, null, labelRequired: true)).Code);

    [Fact]
    public void Text_is_refused_where_the_model_knows_indices()
    {
        var problem = Refused(
            () => TableReader.ReadFor([new MemoryFile("a", "b,label\n1,x\n")], new TableOptions(), Schema, null, labelRequired: true));

        Assert.Equal(("DT4010", "a is CSV, but the model was trained on LIBSVM"), (problem.Code, problem.Message));
    }
}
