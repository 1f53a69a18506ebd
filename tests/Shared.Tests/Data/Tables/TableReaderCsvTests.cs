using System.Security.Cryptography;
using System.Text;
using DistTrain.Data.Tables;
using static DistTrain.Shared.Tests.Data.Tables.TableTestInput;

namespace DistTrain.Shared.Tests.Data.Tables;

public sealed class TableReaderCsvTests
{
    const string Small = "colour,size,label\nred,1,yes\nblue,2.5,no\nred,-3e2,yes\n";

    [Fact]
    public void A_small_file_becomes_columns_labels_and_lines()
    {
        var table = Read(Small);

        Assert.Equal(3, table.RowCount);
        Assert.Equal("TextColumn colour red|blue|red\nNumericColumn size 1|2.5|-300\nyes|no|yes", table.Shown());
        Assert.Equal(["red", "blue"], ((TextColumn)table.Columns[0]).Dictionary.AsEnumerable());
        Assert.Equal([2, 3, 4], table.Lines);
        Assert.Null(table.Weights!);
        Assert.Equal("train.csv:4", table.PlaceOf(2));
    }

    [Fact]
    public void Every_guess_is_told_with_the_option_that_overrides_it() =>
        Assert.Equal(
            [
                "format    CSV (detected; --format to change)",
                "delimiter \",\" (detected; --delimiter to change)",
                "encoding  UTF-8 (assumed; --encoding to change)",
                "label     \"label\" (guessed; --label NAME to change)",
                "columns   numeric: size; categorical: colour (from the cells; --numeric, --categorical, --ignore NAME,… to change)",
            ],
            Read(Small).Findings.AsEnumerable());

    [Fact]
    public void Of_many_columns_eight_are_named()
    {
        var names = Enumerable.Range(1, 20).Select(i => $"c{i}").ToArray();

        var table = Read($"{string.Join(',', names)},label\n{string.Join(',', names.Select(_ => "1"))},x\n");

        Assert.StartsWith("columns   numeric: c1, c2, c3, c4, c5, c6, c7, c8 and 12 more (", table.Findings[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_options_say_is_not_called_a_guess() =>
        Assert.Equal(
            ["columns   numeric: size; categorical: colour (from the cells; --numeric, --categorical, --ignore NAME,… to change)"],
            Read(Small, new TableOptions { Format = TableFormat.Csv, Delimiter = ",", Encoding = "utf-8", Label = "label" }).Findings.AsEnumerable());

    [Theory]
    [InlineData("\uFEFFcolour,size,label\nred,1,yes\nblue,2.5,no\nred,-3e2,yes\n")]
    [InlineData("colour,size,label\r\nred,1,yes\r\nblue,2.5,no\r\nred,-3e2,yes\r\n")]
    [InlineData("colour,size,label\nred,1,yes\nblue,2.5,no\nred,-3e2,yes")]
    [InlineData("colour\tsize\tlabel\nred\t1\tyes\nblue\t2.5\tno\nred\t-3e2\tyes\n")]
    [InlineData("colour;size;label\nred;1;yes\nblue;2.5;no\nred;-3e2;yes\n")]
    [InlineData("colour|size|label\nred|1|yes\nblue|2.5|no\nred|-3e2|yes\n")]
    [InlineData("colour::size::label\nred::1::yes\nblue::2.5::no\nred::-3e2::yes")]
    [InlineData("\"colour\",\"size\",\"label\"\n\"red\",\"1\",\"yes\"\n\"blue\",2.5,no\nred,\"-3e2\",yes\n")]
    [InlineData(" colour , size,label \nred, 1 ,yes\nblue,2.5,no\nred,-3e2,yes\n")]
    [InlineData("\ncolour,size,label\n\nred,1,yes\n\n\nblue,2.5,no\nred,-3e2,yes\n\n")]
    public void Spellings_of_the_same_table_read_the_same(string text) => Assert.Equal(Read(Small).Shown(), Read(text).Shown());

    [Fact]
    public void Lines_are_physical_with_blank_lines_and_quoted_line_ends() =>
        Assert.Equal([3, 5, 8], Read("a,label\n\nx,1\n\n\"two\nlines\",2\n\ny,3\n").Lines);

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    public void Long_files_read_the_same_with_either_line_end(string lineEnd)
    {
        var rows = Enumerable.Range(0, 20_000).Select(i => $"{i},{(i % 7 == 0 ? "\"a,b\"" : "plain")},{i % 3}");

        var table = Read("n,t,label" + lineEnd + string.Concat(rows.Select(row => row + lineEnd)));

        Assert.Equal(Enumerable.Range(0, 20_000).Select(i => (double)i), ((NumericColumn)table.Columns[0]).Values);
        Assert.Equal(["a,b", "plain"], ((TextColumn)table.Columns[1]).Dictionary.AsEnumerable());
        Assert.Equal(Enumerable.Range(2, 20_000), table.Lines);
    }

    [Fact]
    public void Quotes_commas_and_line_ends_inside_quotes_are_text() =>
        Assert.Equal(
            "say \"hi\", twice\r\n|5\" pipe|", Read("a,y\n\"say \"\"hi\"\", twice\r\n\",1\n5\" pipe,2\n\"\",3\n").Columns[0].Shown());

    [Fact]
    public void A_delimiter_of_several_characters_is_whole_again_in_quoted_text() =>
        Assert.Equal("a::b|a:b", Read("t::y\n\"a::b\"::1\na:b::2\n").Columns[0].Shown());

    [Fact]
    public void Any_delimiter_can_be_given() =>
        Assert.Equal("NumericColumn a 1\nx", Read("a<=>label\n1<=>x\n", new TableOptions { Delimiter = "<=>" }).Shown());

    [Theory]
    [InlineData("\\t")]
    [InlineData("tab")]
    public void A_tab_can_be_spelled(string spelling) =>
        Assert.Equal("NumericColumn a,b 1\nx", Read("a,b\tlabel\n1\tx\n", new TableOptions { Delimiter = spelling }).Shown());

    [Fact]
    public void Gzip_is_recognised_by_content_and_reads_as_the_plain_file()
    {
        var packed = new MemoryFile("train.csv", Small).Gzipped();

        var table = Read([packed]);

        Assert.Equal(Read(Small).Shown(), table.Shown());
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(packed.Bytes)), table.Files[0].Sha256);
    }

    [Fact]
    public void Several_files_are_one_table()
    {
        var first = new MemoryFile("a.csv", "colour,size,label\nred,1,yes\n");
        var second = new MemoryFile("b.csv", "colour,size,label\r\nblue,2.5,no\r\nred,-3e2,yes\r\n").Gzipped();

        var table = Read([first, second]);

        Assert.Equal(Read(Small).Shown(), table.Shown());
        Assert.Equal([("a.csv", 0), ("b.csv.gz", 1)], table.Files.Select(file => (file.Name, file.FirstRow)));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(first.Bytes)), table.Files[0].Sha256);
        Assert.Equal([2, 2, 3], table.Lines);
        Assert.Equal("b.csv.gz:3", table.PlaceOf(2));
    }

    [Fact]
    public void A_column_is_text_if_any_cell_of_the_whole_input_is()
    {
        var file = new MemoryFile("a.csv", "a,b,label\n1,1,x\n02,2,y\nthree,3,x\n1,4,y\n");

        var table = Read([file]);

        Assert.Equal("TextColumn a 1|02|three|1\nNumericColumn b 1|2|3|4\nx|y|x|y", table.Shown());
        Assert.Equal(3, file.Openings);
    }

    [Fact]
    public void Text_from_the_first_row_on_takes_one_pass()
    {
        var file = new MemoryFile("a.csv", Small);

        Read([file]);

        Assert.Equal(2, file.Openings);
    }

    [Fact]
    public void A_file_that_changes_between_the_passes_is_noticed()
    {
        var problem = Refused(() => Read([new ChangingFile("a,label\n1,x\nb,y\n", "a,label\n1,x\nc,y\n")]));

        Assert.Equal(("DT4009", "live.csv was changed while it was read"), (problem.Code, problem.Message));
    }

    [Fact]
    public void Nan_and_empty_cells_in_what_turns_out_to_be_text_are_text() =>
        Assert.Equal("1|nan||other", Read("a,label\n1,x\nnan,y\n,x\nother,y\n").Columns[0].Shown());

    [Fact]
    public void A_column_without_content_is_one_empty_category() =>
        Assert.Equal("TextColumn a |\nNumericColumn b 1|2\nx|y", Read("a,b,label\n,1,x\n,2,y\n").Shown());

    [Fact]
    public void Roles_follow_the_options()
    {
        var table = Read(
            "id,n,m,w,class,y\n7,1,2,0.5,a,3\n8,4,5,2,b,6\n",
            new TableOptions { Label = "class", Weight = "w", Ignore = ["id"], Categorical = ["n"], Numeric = ["m"] });

        Assert.Equal("TextColumn n 1|4\nNumericColumn m 2|5\nNumericColumn y 3|6\na|b", table.Shown());
        Assert.Equal([0.5f, 2f], table.Weights!);
    }

    [Theory]
    [InlineData("a,Rating,Z", "Rating")]
    [InlineData("a,Class,label", "label")]
    [InlineData("a,PREFERENCE,x", "PREFERENCE")]
    public void Common_label_names_are_guessed_without_case(string header, string expected) =>
        Assert.Contains($"label     \"{expected}\" (guessed; --label NAME to change)", Read($"{header}\n1,2,3\n").Findings);

    [Fact]
    public void Missing_numbers_are_nan_where_the_options_allow_them() =>
        Assert.Equal("1|NaN|3|NaN", Read("a,y\n1,p\n,q\n3,p\n  ,q\n", new TableOptions { Missing = MissingCells.Mean }).Columns[0].Shown());

    [Theory]
    [InlineData("latin-1", "caf\u00E9")]
    [InlineData("windows-1252", "\u20AC")]
    [InlineData("utf-16", "\u4E2D")]
    public void Text_in_other_encodings_is_read(string encoding, string word)
    {
        var bytes = (encoding == "latin-1" ? Encoding.Latin1
            : encoding == "utf-16" ? Encoding.Unicode
            : CodePagesEncodingProvider.Instance.GetEncoding(encoding)!).GetBytes($"a,y\n{word},1\n");

        var table = Read([new MemoryFile("a.csv", bytes)], new TableOptions { Encoding = encoding });

        Assert.Equal(word, table.Columns[0].Shown());
    }

    [Fact]
    public void A_byte_order_mark_says_that_it_is_utf_16()
    {
        var table = Read([new MemoryFile("a.csv", [0xFF, 0xFE, .. Encoding.Unicode.GetBytes("a,y\n\u4E2D,1\n")])]);

        Assert.Equal("\u4E2D", table.Columns[0].Shown());
        Assert.Contains("encoding  UTF-16 (from its byte order mark; --encoding to change)", table.Findings);
    }

    [Fact]
    public void A_record_longer_than_the_buffers_is_whole()
    {
        var text = new string('x', 300_000);

        Assert.Equal($"{text}|short", Read($"a,y\n{text},1\nshort,2\n").Columns[0].Shown());
    }

    sealed class ChangingFile(string before, string after) : IInputFile
    {
        int _openings;

        public string Name => "live.csv";

        public Stream Open() => new MemoryFile(Name, ++_openings < 3 ? before : after).Open();
    }
}
