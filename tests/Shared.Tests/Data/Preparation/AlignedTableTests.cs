using DistTrain.Data.Preparation;
using DistTrain.Data.Schema;
using DistTrain.Data.Tables;

namespace DistTrain.Shared.Tests.Data.Preparation;

public class AlignedTableTests
{
    [Fact]
    public void Columns_are_found_by_name_and_others_ignored()
    {
        var table = SmallTables.Of(null, SmallTables.Text("b", "u"), SmallTables.Number("c", 2), SmallTables.Number("a", 1));

        var aligned = Align(table, new NumericColumnSchema("a", 0, null), new CategoricalColumnSchema("b", ["u"]));

        Assert.Equal(["a", "b"], aligned.Columns.Select(pair => pair.Column.Name));
    }

    [Fact]
    public void A_column_that_is_not_there_is_refused() => Assert.Equal(
        """
        DT4512: column "Genre", which the model was trained with, is not in input.csv
        columns: genre, year
        did you mean "genre"?
        """,
        Refusal.TextOf(() => Align(
            SmallTables.Of(null, SmallTables.Text("genre", "u"), SmallTables.Number("year", 2)), new CategoricalColumnSchema("Genre", ["u"]))));

    [Fact]
    public void A_text_among_numbers_is_refused_with_its_place() => Assert.Equal(
        "DT4513: input.csv:3: price is \"cheap\"\nexpected: a number, as in training",
        Refusal.TextOf(() => Align(SmallTables.Of(null, SmallTables.Text("price", "3", "cheap")), new NumericColumnSchema("price", 0, null))));

    [Fact]
    public void Numbers_read_as_text_are_refused() => Assert.Equal(
        "DT4513: input.csv: column \"price\" was read as text\nfix: --numeric price, as in training",
        Refusal.TextOf(() => Align(SmallTables.Of(null, SmallTables.Text("price", "3")), new NumericColumnSchema("price", 0, null))));

    [Fact]
    public void A_category_read_as_numbers_is_refused() => Assert.Equal(
        "DT4513: input.csv: column \"zip\" was read as numbers\nfix: --categorical zip, as in training",
        Refusal.TextOf(() => Align(SmallTables.Of(null, SmallTables.Number("zip", 3)), new CategoricalColumnSchema("zip", ["3"]))));

    [Fact]
    public void Another_format_is_refused() => Assert.Equal(
        "DT4513: input.csv: column \"features\" is of another kind than in training\nexpected: the format that the model was trained with",
        Refusal.TextOf(() => Align(SmallTables.Of(null, SmallTables.Number("features", 3)), new IndexedColumnsSchema([3], [0], 1))));

    [Fact]
    public void Another_index_base_is_refused() => Assert.Equal(
        "DT4514: input.csv was read with indices from 1, but the model counts from 0\nfix: --index-base 0",
        Refusal.TextOf(() => Align(SmallTables.Of(null, SmallTables.Indexed(1, [(1, 1.0)])), new IndexedColumnsSchema([1], [0], 0))));

    static AlignedTable Align(Table table, params ColumnSchema[] columns) => AlignedTable.Align(table, new FeatureSchema([.. columns]));
}
