using DistTrain.Data.Tables;
using DistTrain.Data.Tables.Malformed;
using DistTrain.Problems;
using static DistTrain.Shared.Tests.Data.Tables.TableTestInput;

namespace DistTrain.Shared.Tests.Data.Tables.Malformed;

public sealed class BadRowsTests
{
    const string Hint = "fix: --bad-rows skip, if such rows do not matter";

    static readonly TableOptions Skipping = new() { BadRows = new BadRowRule(BadRowKind.Skip) };

    [Fact]
    public void The_first_five_are_told_in_the_order_of_the_input()
    {
        var end = Assert.Throws<DistTrainException>(() => Read("a,b,label\n1,2,x\n1\nnan,1,y\n1,2,\n1,,x\n1,2,3,4\n1\n"));

        Assert.Equal(
            ["train.csv:3", "train.csv:4:1", "train.csv:5:5", "train.csv:6:3", "train.csv:7"],
            new[] { end.Problem }.Concat(end.Others).Select(problem => problem.Message[..problem.Message.IndexOf(": ", StringComparison.Ordinal)]));
        Assert.Equal([Hint, "these are the first 5 bad rows; there may be more"], end.Others[^1].Details[^2..]);
    }

    [Fact]
    public void A_cell_counts_as_bad_only_in_a_column_that_stays_numeric()
    {
        Assert.Equal("TextColumn a nan|1|two\nx|y|x", Read("a,label\nnan,x\n1,y\ntwo,x\n").Shown());
        Assert.Equal("NumericColumn a 1\ny", Read("a,label\nnan,x\n1,y\n", Skipping).Shown());
    }

    [Fact]
    public void Rows_left_out_leave_no_text_no_class_and_no_line_behind()
    {
        var table = Read("t,a,label\nu,1,x\nv,inf,new\nu,2,y\nw\nz,,x\nu,3,x\n", Skipping);

        Assert.Equal("TextColumn t u|u|u\nNumericColumn a 1|2|3\nx|y|x", table.Shown());
        Assert.Equal(["u"], ((TextColumn)table.Columns[0]).Dictionary.ToArray());
        Assert.Equal(["x", "y"], table.Label!.Dictionary.ToArray());
        Assert.Equal(["train.csv:2", "train.csv:4", "train.csv:7"], Enumerable.Range(0, 3).Select(table.PlaceOf));
        Assert.Equal([1, 3, 4], table.Bad.Positions);
        Assert.Equal(["DT4203", "DT4201", "DT4204"], table.Bad.First.Select(problem => problem.Code));
    }

    [Fact]
    public void A_row_that_is_refused_says_nothing_about_the_types_of_columns() =>
        Assert.Equal(
            "NumericColumn a 1|2\nNumericColumn b 3|4\nx|y",
            Read("a,b,label\n1,3,x\ntotal,sum,\n2,4,y\n", Skipping).Shown());

    [Fact]
    public void Clean_input_is_read_once_under_any_rule()
    {
        var file = new MemoryFile("train.csv", "t,a,label\nu,1,x\nv,2,y\n");

        Read([file], Skipping);

        Assert.Equal(2, file.Openings); // Once to detect the format, once to read.
    }

    [Fact]
    public void Rows_of_later_files_keep_their_files()
    {
        var table = Read(
            [new MemoryFile("one.csv", "a,label\n1,x\nnan,x\n"), new MemoryFile("two.csv", "a,label\n2\n2,y\n")], Skipping);

        Assert.Equal(["one.csv:2", "two.csv:3"], Enumerable.Range(0, 2).Select(table.PlaceOf));
        Assert.Equal(["one.csv", "two.csv"], table.Bad.First.Select(problem => problem.File));
    }

    [Fact]
    public void Quarantine_gets_each_row_as_written()
    {
        var rows = new List<BadRow>();
        TableReader.Read(
            [new MemoryFile("train.csv", "a::b::label\r\n1::2::x\r\n\"1\n\"::nan::y\r\n3\r\n")],
            new TableOptions { BadRows = new BadRowRule(BadRowKind.Quarantine) }, rows.Add);

        Assert.Equal(["\"1\n\"::nan::y", "3"], rows.Select(row => row.Text));
        Assert.Equal([4, 5], rows.Select(row => row.Problem.Line));
    }

    [Theory]
    [InlineData(2, null, null)]
    [InlineData(1, null, "DT4209: train.csv: 2 of the first 4 rows are malformed, more than --max-bad 1")]
    [InlineData(0, null, "DT4209: train.csv: 1 of the first 2 rows are malformed, more than --max-bad 0")]
    [InlineData(null, 0.5, null)]
    [InlineData(null, 0.4, "DT4209: train.csv: 2 of 4 rows are malformed, more than --max-bad 40%")]
    public void Too_many_are_refused(int? count, double? share, string? refusal)
    {
        var options = new TableOptions { BadRows = new BadRowRule(BadRowKind.Skip, count, share) };
        const string Text = "a,label\n1,x\n1\n2,y\nnan,x\n";

        if (refusal is null) Assert.Equal(2, Read(Text, options).Bad.Count);
        else Assert.StartsWith(refusal, Assert.Throws<DistTrainException>(() => Read(Text, options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bad_rows_alone_are_refused() =>
        Assert.Equal("DT4210: train.csv: all 2 rows are malformed", Assert.Throws<DistTrainException>(() => Read("a,label\n1\nnan,x\n", Skipping)).Message);

    [Fact]
    public void Where_reading_breaks_off_what_was_bad_before_is_told_first()
    {
        var end = Assert.Throws<DistTrainException>(() => Read("a,label\n1\n\"2,x\n"));
        Assert.Equal(["DT4201", "DT4205"], new[] { end.Problem }.Concat(end.Others).Select(problem => problem.Code));

        end = Assert.Throws<DistTrainException>(() => Read([new EndlessFile("1 1:1\n0 2:1 1:1\n", "1:1 ")]));
        Assert.Equal(["DT4304", "DT4008"], new[] { end.Problem }.Concat(end.Others).Select(problem => problem.Code));
    }

    [Fact]
    public void A_line_of_libsvm_is_left_out_whole()
    {
        var table = Read("+1 1:1 2:3\nnew 0:1 5:1 4:1\n0 1:2 7:x\n0 2:2\n", Skipping with { Format = TableFormat.Libsvm });

        Assert.Equal("IndexedColumns features 1:1 2:3|2:2\n1|0", table.Shown());
        Assert.Equal(["1", "0"], table.Label!.Dictionary.ToArray());
        Assert.Equal(1, ((IndexedColumns)table.Columns[0]).IndexBase);
        Assert.Equal([1, 4], table.Lines);
        Assert.Equal([1, 2], table.Bad.Positions);
    }

    [Fact]
    public void A_label_outside_the_classes_is_a_bad_row()
    {
        var options = Skipping with { Labels = new LabelRule(["x", "y"], AreOfModel: false) };

        Assert.Equal("NumericColumn a 1|3\nx|y", Read("a,label\n1,x\n2,z\n3,y\n", options).Shown());
        Assert.Equal(
            "train.csv:2:1: label is \"z\", which --classes does not name", Read("x 1:1\nz 1:1\ny 1:1\n", options).Bad.First[0].Message);
    }

    [Theory]
    [InlineData(BadRowKind.Fail, 1L, null, "DT3117")]
    [InlineData(BadRowKind.Fail, null, 0.5, "DT3117")]
    [InlineData(BadRowKind.Skip, -1L, null, "DT3118")]
    [InlineData(BadRowKind.Skip, null, 1.1, "DT3118")]
    [InlineData(BadRowKind.Quarantine, null, 1.0, null)]
    [InlineData(BadRowKind.Fail, null, null, null)]
    public void Rules_that_cannot_work_are_refused(BadRowKind kind, long? count, double? share, string? code) =>
        Assert.Equal(code, new BadRowRule(kind, count, share).Problems().SingleOrDefault()?.Code);
}
