using DistTrain.Data.Preparation;
using DistTrain.Data.Schema;
using DistTrain.Data.Tables;

namespace DistTrain.Shared.Tests.Data.Preparation;

public class FeatureContentsTests
{
    [Fact]
    public void Counts_nonzeros_and_tells_ones_from_others()
    {
        var contents = Of(SmallTables.Number("bit", 0, 1, 1), new NumericColumnSchema("bit", 0, null));
        var others = Of(SmallTables.Number("x", 0, 0, -2), new NumericColumnSchema("x", 0, null));

        Assert.Equal((3, 2, true), (contents.RowCount, contents.NonzeroCounts[0], contents.OnlyZerosAndOnes(0)));
        Assert.Equal((1, false), (others.NonzeroCounts[0], others.OnlyZerosAndOnes(0)));
    }

    [Fact]
    public void A_missing_cell_counts_as_the_value_it_stands_for_and_in_the_indicator()
    {
        var contents = Of(SmallTables.Number("x", 0, 1, double.NaN), new NumericColumnSchema("x", 0, 0.5));

        Assert.Equal([2, 1], contents.NonzeroCounts);
        Assert.False(contents.OnlyZerosAndOnes(0));
        Assert.True(contents.OnlyZerosAndOnes(1));
    }

    [Fact]
    public void Indices_that_the_schema_lacks_and_written_zeros_do_not_count()
    {
        var contents = Of(SmallTables.Indexed(1, [(2, 0.0), (5, 9.0)], [(2, 1.0), (3, 2.0)]), new IndexedColumnsSchema([2, 3], [0, 0], 1));

        Assert.Equal([1, 1], contents.NonzeroCounts);
        Assert.True(contents.OnlyZerosAndOnes(0));
        Assert.False(contents.OnlyZerosAndOnes(1));
    }

    [Fact]
    public void A_missing_cell_is_refused_with_its_place_where_nothing_stands_for_it() => Assert.Equal(
        """
        DT4510: input.csv:3: x is empty
        expected: a number; the model knows no empty cell in this column
        fix: fill the cell, or train with --missing mean on data with an empty cell in that column
        """,
        Refusal.TextOf(() => Of(SmallTables.Number("x", 1, double.NaN), new NumericColumnSchema("x", 0, null))));

    [Theory, InlineData(2e38, "2E+38"), InlineData(double.NegativeInfinity, "-Infinity")]
    public void A_number_too_large_for_float_is_refused_with_its_place(double x, string written)
    {
        var expected = "expected: a number between -1.7e38 and 1.7e38, the range of float32\nfix: a smaller unit, or --ignore for the column";

        Assert.Equal(
            $"DT4511: input.csv:4: x is {written}\n{expected}",
            Refusal.TextOf(() => Of(SmallTables.Number("x", 1, 2, x), new NumericColumnSchema("x", 0, null))));
        Assert.Equal(
            $"DT4511: input.csv:2: feature 7 is {written}\n{expected}",
            Refusal.TextOf(() => Of(SmallTables.Indexed(1, [(7, x)]), new IndexedColumnsSchema([7], [0], 1))));
    }

    static FeatureContents Of(TableColumn column, ColumnSchema schema)
    {
        var features = new FeatureSchema([schema]);
        return FeatureContents.Of(features, AlignedTable.Align(SmallTables.Of(null, column), features));
    }
}
