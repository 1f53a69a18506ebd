using DistTrain.Data.Preparation;
using DistTrain.Data.Schema;
using DistTrain.Data.Tables;

namespace DistTrain.Shared.Tests.Data.Preparation;

public class SchemaLearningTests
{
    [Fact]
    public void Levels_are_the_texts_of_training_rows_with_weight()
    {
        var table = Labelled(4, SmallTables.Text("colour", "red", "blue", "green", "black")).Weighted(1, 1, 0, 1);

        var column = Assert.IsType<CategoricalColumnSchema>(Learn(table, heldOut: [false, false, false, true]).Columns[0]);

        Assert.Equal(["blue", "red"], column.Levels.AsEnumerable());
        Assert.Equal("colour=blue", column.FeatureName(0));
    }

    [Fact]
    public void Levels_that_are_numbers_are_in_numeric_order()
    {
        var column = Assert.IsType<CategoricalColumnSchema>(Learn(Labelled(3, SmallTables.Text("age", "25", "1", "18"))).Columns[0]);

        Assert.Equal(["1", "18", "25"], column.Levels.AsEnumerable());
    }

    [Fact]
    public void A_centre_is_the_weighted_mean_of_the_training_rows()
    {
        var table = Labelled(4, SmallTables.Number("x", 1, 5, 100, 7)).Weighted(3, 1, 1, 0);

        var column = Assert.IsType<NumericColumnSchema>(Learn(table, heldOut: [false, false, true, false]).Columns[0]);

        Assert.Equal(2f, column.Center);
        Assert.Null(column.MissingValue);
    }

    [Fact]
    public void A_centre_is_the_mean_of_a_sample_where_rows_are_many_and_a_missing_cell_is_that_of_all_rows()
    {
        const int rowCount = 3 * CenterSample.RowsMax;
        var cells = SmallTables.Number("x", rowCount, row => row == 1 ? double.NaN : row % 3);
        var indexed = new IndexedColumns(
            [.. Enumerable.Range(0, rowCount + 1).Select(row => (long)row)], [.. Enumerable.Repeat(7, rowCount)],
            [.. Enumerable.Range(0, rowCount).Select(row => 5.0 + row % 3)], IndexBase: 1);

        var number = Assert.IsType<NumericColumnSchema>(Learn(Labelled(rowCount, cells), missingAsMean: true).Columns[0]);
        var index = Assert.IsType<IndexedColumnsSchema>(Learn(Labelled(rowCount, indexed)).Columns[0]);

        Assert.Equal(0f, number.Center);
        Assert.Equal(1, number.MissingValue);
        Assert.Equal([5f], index.Centers.AsEnumerable());
    }

    [Fact]
    public void A_missing_cell_stands_for_the_mean_and_gets_an_indicator()
    {
        var schema = Learn(Labelled(3, SmallTables.Number("x", 1, double.NaN, 4), SmallTables.Number("y", 1, 2, 3)), missingAsMean: true);

        Assert.Equal([new NumericColumnSchema("x", 2.5f, 2.5), new NumericColumnSchema("y", 2, null)], schema.Columns.AsEnumerable());
        Assert.Equal(3, schema.FeatureCount);
    }

    [Fact]
    public void A_cell_missing_only_among_validation_rows_has_an_indicator_too()
    {
        var heldOut = Learn(Labelled(3, SmallTables.Number("x", 1, double.NaN, 4)), heldOut: [false, true, false], missingAsMean: true);
        var table = SchemaLearning.Learn(
            Labelled(2, SmallTables.Number("x", 1, 4)), Labelled(1, SmallTables.Number("x", double.NaN)), [false, false], missingAsMean: true);

        Assert.Equal(2.5, Assert.IsType<NumericColumnSchema>(heldOut.Columns[0]).MissingValue);
        Assert.Equal(2.5, Assert.IsType<NumericColumnSchema>(table.Columns[0]).MissingValue);
    }

    [Fact]
    public void A_column_missing_in_all_training_rows_has_the_mean_0() =>
        Assert.Equal(
            new NumericColumnSchema("x", 0, 0), Learn(Labelled(2, SmallTables.Number("x", double.NaN, double.NaN)), missingAsMean: true).Columns[0]);

    [Fact]
    public void Indices_are_those_of_the_whole_input_renumbered_in_order()
    {
        var table = Labelled(3, SmallTables.Indexed(1, [(3, 1.0), (70_000, 4.0)], [(9, 2.0)], [(3, 3.0)]));

        var column = Assert.IsType<IndexedColumnsSchema>(Learn(table, heldOut: [false, true, false]).Columns[0]);

        Assert.Equal([3, 9, 70_000], column.Indices.AsEnumerable());
        Assert.Equal([2f, 0f, 2f], column.Centers.AsEnumerable());
        Assert.Equal(("9", 1), (column.FeatureName(1), column.IndexBase));
    }

    [Fact]
    public void A_text_column_of_over_half_distinct_values_is_refused()
    {
        var table = Labelled(
            100, SmallTables.Text("name", 100, row => $"n{row % 51}"), SmallTables.Text("city", 100, row => $"c{row % 50}"),
            SmallTables.Text("note", 100, row => $"t{row}"));

        Assert.Equal(
            """
            DT4509: input.csv: "name" has 51 different texts, "note" has 100 different texts in 100 rows
            found: "n0", "n1", "n2", … in "name"
            a text that is different in over half of the rows says nothing about new rows
            fix: --ignore name,note
            """,
            Refusal.TextOf(() => Learn(table)));
    }

    [Fact]
    public void Below_a_hundred_rows_texts_may_all_be_different() =>
        Assert.Equal(99, Learn(Labelled(99, SmallTables.Text("name", 99, row => $"n{row}"))).FeatureCount);

    [Fact]
    public void A_table_without_features_is_refused() => Assert.Equal(
        "DT4504: input.csv has no features\nexpected: at least one column beside label and weight",
        Refusal.TextOf(() => Learn(Labelled(2))));

    static Table Labelled(int rowCount, params TableColumn[] columns) => SmallTables.Of(SmallTables.Alternating(rowCount), [.. columns]);

    static FeatureSchema Learn(Table table, bool[]? heldOut = null, bool missingAsMean = false) =>
        SchemaLearning.Learn(table, null, heldOut ?? new bool[table.RowCount], missingAsMean);
}
