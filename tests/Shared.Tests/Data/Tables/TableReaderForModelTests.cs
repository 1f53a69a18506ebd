using DistTrain.Data.Schema;
using DistTrain.Data.Tables;
using static DistTrain.Shared.Tests.Data.Tables.TableTestInput;

namespace DistTrain.Shared.Tests.Data.Tables;

public sealed class TableReaderForModelTests
{
    static readonly FeatureSchema Schema = new(
    [
        new CategoricalColumnSchema("colour", ["blue", "red"]),
        new NumericColumnSchema("size", 0, null),
        new NumericColumnSchema("price", 0, 3.5),
        new CategoricalColumnSchema("code", ["1", "2"]),
    ]);

    [Fact]
    public void The_schema_decides_on_columns_their_kinds_and_their_order()
    {
        var table = ReadFor("other,price,code,label,colour,size\nu,,1,x,green,2\nv,3,2,y,7,4\n");

        Assert.Equal(
            "TextColumn colour green|7\nNumericColumn size 2|4\nNumericColumn price NaN|3\nTextColumn code 1|2\nx|y", table.Shown());
        Assert.Contains("ignored   \"other\" (not used by the model)", table.Findings);
    }

    [Fact]
    public void Rows_to_predict_need_no_label_and_an_existing_one_is_not_read()
    {
        Assert.Null(ReadFor("colour,size,price,code\nred,1,2,1\n", labelRequired: false).Label);
        Assert.Null(ReadFor("colour,size,price,code,label\nred,1,2,1,\n", labelRequired: false).Label);
    }

    [Fact]
    public void A_label_that_the_options_name_goes_before_the_models() =>
        Assert.Equal(
            "p",
            ReadFor("colour,size,price,code,label,truth\nred,1,2,1,x,p\n", new TableOptions { Label = "truth" }).Label!.Shown());

    [Fact]
    public void Weights_are_read_and_may_be_absent_where_no_label_is_needed()
    {
        var options = new TableOptions { Weight = "w" };

        Assert.Equal([2f], ReadFor("colour,size,price,code,label,w\nred,1,2,1,x,2\n", options).Weights!);
        Assert.Null(ReadFor("colour,size,price,code\nred,1,2,1\n", options, labelRequired: false).Weights);
        Assert.Equal("DT4401", Refused(() => ReadFor("colour,size,price,code,label\nred,1,2,1,x\n", options)).Code);
    }

    [Fact]
    public void Columns_that_the_model_needs_are_an_error_with_a_suggestion()
    {
        var problem = Refused(() => ReadFor("color,size,code,label\nred,1,1,x\n"));

        Assert.Equal(
            ("DT4409", "train.csv lacks columns \"colour\", \"price\", which the model was trained on"), (problem.Code, problem.Message));
        Assert.Equal(["columns: \"color\", \"size\", \"code\", \"label\"", "did you mean \"color\" for \"colour\"?", "fix: add or rename columns; their order does not matter"], problem.Details);
    }

    [Fact]
    public void A_label_that_is_needed_and_not_there_is_an_error() =>
        Assert.Equal("train.csv has no column \"label\" (--label)", Refused(() => ReadFor("colour,size,price,code\nred,1,2,1\n")).Message);

    [Theory]
    [InlineData("red,big,2,1,x", "DT4202", "train.csv:2:5: \"big\" in column \"size\" is not a number")]
    [InlineData("red,inf,2,1,x", "DT4203", "train.csv:2:5: inf in column \"size\" is not a finite number")]
    [InlineData("red,,2,1,x", "DT4204", "train.csv:2:5: the cell in numeric column \"size\" is empty")]
    [InlineData("red,1,2,1,", "DT4207", "train.csv:2:11: the label in column \"label\" is empty")]
    public void Cells_must_be_of_the_columns_kind(string row, string code, string message)
    {
        var problem = Refused(() => ReadFor($"colour,size,price,code,label\n{row}\n"));

        Assert.Equal((code, message), (problem.Code, problem.Message));
    }

    [Fact]
    public void An_empty_cell_that_training_did_not_have_is_to_be_filled() => Assert.Equal(
        ["expected: a number; the column had no empty cell in training",
            "fix: fill the cell, or train with --missing mean on data with an empty cell in that column", "fix: --bad-rows skip, if such rows do not matter"],
        Refused(() => ReadFor("colour,size,price,code,label\nred,,2,1,x\n")).Details);

    [Fact]
    public void Indexed_input_is_refused_where_the_model_knows_columns() =>
        Assert.Equal("train.csv is LIBSVM, but the model was trained on delimited text", Refused(() => ReadFor("1 1:1\n")).Message);

    static Table ReadFor(string text, TableOptions? options = null, bool labelRequired = true) =>
        TableReader.ReadFor([new MemoryFile("train.csv", text)], options ?? new TableOptions(), Schema, "label", labelRequired);
}
