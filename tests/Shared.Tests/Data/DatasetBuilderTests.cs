using CsCheck;
using DistTrain.Data;
using DistTrain.Data.Schema;
using DistTrain.Data.Storage;
using DistTrain.Data.Tables;

namespace DistTrain.Shared.Tests.Data;

public class DatasetBuilderTests
{
    const string Seed = "0000KeOPrtO4";

    [Fact]
    public void Each_row_is_in_exactly_one_shard_of_one_part() =>
        Gen.Select(Gen.Int[20, 3000], Gen.ULong[0, 1000], Gen.Double[0, 0.5]).Sample(
            (rowCount, seed, fraction) =>
            {
                var dataset = Build(SmallTables.Mixed(rowCount, seed), new() { Seed = seed, ValidationFraction = fraction, Shards = 5 });
                return RowsOf(dataset, DatasetPart.Training).Concat(RowsOf(dataset, DatasetPart.Validation))
                    .Order().SequenceEqual(Enumerable.Range(0, rowCount));
            },
            iter: 15, seed: Seed);

    [Fact]
    public void Shards_hold_what_the_schema_says_about_each_row() =>
        Gen.Select(Gen.Int[700, 1500], Gen.ULong[0, 1000]).Sample(
            (rowCount, seed) =>
            {
                var table = SmallTables.Mixed(rowCount, seed);
                var dataset = Build(table, new() { Seed = seed });
                AssertEncoded(table, dataset, DatasetPart.Training);
                AssertEncoded(table, dataset, DatasetPart.Validation);
            },
            iter: 3, seed: Seed);

    [Fact]
    public void The_mixed_table_is_held_in_all_four_ways()
    {
        var layout = Build(SmallTables.Mixed(1200, 3)).Manifest.Layout;

        Assert.Equal(2, layout.DenseCount);
        Assert.Equal(
            [(CodeKind.Level, 4), (CodeKind.Bits, 8), (CodeKind.Bits, 3)], layout.Coded.Select(c => (c.Kind, c.FeatureCount)));
        Assert.True(layout.SparseCount > 255 + 3, $"{layout.SparseCount} sparse features");
    }

    [Fact]
    public void Shards_are_equal_but_for_one_row()
    {
        var manifest = Build(SmallTables.Mixed(1003, 1), new() { ValidationFraction = 0, Shards = 10 }).Manifest;

        Assert.Equal(10, manifest.ShardCount);
        Assert.Equal(1003, manifest.TrainingRowCount);
        Assert.All(manifest.TrainingRows, rows => Assert.InRange(rows, 100, 101));
        Assert.Empty(manifest.ValidationRows);
    }

    [Fact]
    public void Dense_numbers_are_held_centred_and_the_rest_as_it_is()
    {
        var dataset = Build(
            SmallTables.Of(["a", "b", "a"], SmallTables.Number("year", 1990, 2000, 2010), SmallTables.Number("bit", 0, 1, 1)),
            new() { ValidationFraction = 0 });
        var shard = dataset.Open(DatasetPart.Training, new ShardId(0));

        Assert.Equal(new NumericColumnSchema("year", 2000, null), dataset.Schema.Columns[0]);
        Assert.Equal(new NumericColumnSchema("bit", 0, null), dataset.Schema.Columns[1]);
        Assert.Equal([-10f, 0f, 10f], shard.SourceRows.Select((_, i) => shard.Dense.Row(i)[0]).Order());
        Assert.Equal([2000f, 0f], dataset.Manifest.Layout.Centers.AsEnumerable());
    }

    [Fact]
    public void A_missing_cell_is_held_as_the_centre_with_its_indicator()
    {
        var dataset = Build(
            SmallTables.Of(["a", "b", "a"], SmallTables.Number("x", 1, double.NaN, 0.1)), new() { ValidationFraction = 0, MissingAsMean = true });
        var shard = dataset.Open(DatasetPart.Training, new ShardId(0));
        var row = Array.IndexOf(shard.SourceRows, 1);

        Assert.Equal([0f, 1f], PlainEncoding.Decode(shard, dataset.Manifest.Layout, row));
    }

    [Fact]
    public void Levels_seen_only_in_validation_are_all_zero()
    {
        var validation = SmallTables.Of(["a", "b"], SmallTables.Text("colour", "red", "pink"));
        var dataset = DatasetBuilder.Build(SmallTables.Of(["a", "b"], SmallTables.Text("colour", "red", "blue")), validation, new());
        var shard = dataset.Open(DatasetPart.Validation, new ShardId(0));

        Assert.Equal(["blue", "red"], Assert.IsType<CategoricalColumnSchema>(dataset.Schema.Columns[0]).Levels.AsEnumerable());
        Assert.Equal(
            [[0f, 1f], [0f, 0f]],
            Enumerable.Range(0, 2).OrderBy(row => shard.SourceRows[row])
                .Select(row => PlainEncoding.Decode(shard, dataset.Manifest.Layout, row)));
    }

    [Fact]
    public void A_validation_table_decides_about_storage_with_the_training_table()
    {
        var training = SmallTables.Of(["a", "b"], SmallTables.Number("x", 0, 1));
        var validation = SmallTables.Of(["a", "b", "c"], SmallTables.Number("x", 3, 0.5, 1));

        var dataset = DatasetBuilder.Build(training, validation, new() { ValidationFraction = 0.5 });

        Assert.Equal((2, 3), (dataset.Manifest.TrainingRowCount, dataset.Manifest.ValidationRowCount));
        Assert.Equal(1, dataset.Manifest.Layout.DenseCount);
        Assert.Equal(["a", "b", "c"], dataset.Classes.Names.AsEnumerable());
        Assert.Equal([0, 1], dataset.Classes.Active.AsEnumerable());
        AssertEncoded(validation, dataset, DatasetPart.Validation);
    }

    [Fact]
    public void Labels_are_active_classes()
    {
        var table = SmallTables.Of(["c", "a", "b"], SmallTables.Number("x", 1, 2, 3)).Weighted(1, 0, 1);
        var dataset = Build(table, new() { ValidationFraction = 0 });
        var shard = dataset.Open(DatasetPart.Training, new ShardId(0));

        Assert.Equal([1, -1, 0], shard.Labels.OrderBy(label => shard.SourceRows[Array.IndexOf(shard.Labels, label)]));
        Assert.Equal((2, 2.0), (dataset.Manifest.ClassCount, dataset.Manifest.WeightSum));
    }

    [Fact]
    public void Indexed_features_are_held_by_their_content()
    {
        var table = SmallTables.Of(
            SmallTables.Alternating(40),
            SmallTables.Indexed(0, [.. Enumerable.Range(0, 40).Select(row => new[] { (0, row + 1.0), (7, 1.0), (9 + row, 1.0) })]));
        var dataset = Build(table);
        var layout = dataset.Manifest.Layout;

        Assert.Equal((1, 1, 40), (layout.DenseCount, layout.Coded.Length, layout.SparseCount));
        AssertEncoded(table, dataset, DatasetPart.Training);
        AssertEncoded(table, dataset, DatasetPart.Validation);
    }

    [Fact]
    public void A_zero_of_a_dense_indexed_feature_is_held_centred()
    {
        var table = SmallTables.Of(["a", "b"], SmallTables.Indexed(1, [(5, 4.0)], []));
        var dataset = Build(table, new() { ValidationFraction = 0 });
        var shard = dataset.Open(DatasetPart.Training, new ShardId(0));

        Assert.Equal([-2f, 2f], Enumerable.Range(0, 2).Select(row => shard.Dense.Row(row)[0]).Order());
    }

    [Fact]
    public void A_sparse_number_too_small_for_float_is_a_zero()
    {
        var table = SmallTables.Of(
            SmallTables.Alternating(16), SmallTables.Number("x", 16, row => row switch { 0 => 1e-60, 1 => 3, _ => 0 }));
        var shard = Build(table, new() { ValidationFraction = 0 }).Open(DatasetPart.Training, new ShardId(0));

        Assert.Equal((1, 3f), (shard.Sparse.NonzeroCount, Assert.Single(shard.Sparse.Values)));
    }

    [Fact]
    public void A_row_may_have_hundreds_of_sparse_features()
    {
        var table = SmallTables.Of(
            SmallTables.Alternating(30),
            SmallTables.Indexed(1, [.. Enumerable.Range(0, 30).Select(row => Enumerable.Range(1, 100).Select(i => (30 * i + row, i / 2.0)).ToArray())]));
        var dataset = Build(table);

        Assert.Equal((3000, 3000), (dataset.Manifest.FeatureCount, dataset.Manifest.Layout.SparseCount));
        AssertEncoded(table, dataset, DatasetPart.Training);
        AssertEncoded(table, dataset, DatasetPart.Validation);
    }

    [Fact]
    public void Padding_of_dense_rows_is_zero()
    {
        var shard = Build(SmallTables.Mixed(200, 1)).Open(DatasetPart.Training, new ShardId(0));

        Assert.Equal(8, shard.Dense.Stride);
        Assert.All(Enumerable.Range(0, shard.RowCount), row => Assert.All(shard.Dense.Row(row)[2..].ToArray(), x => Assert.Equal(0, x)));
    }

    [Fact]
    public void More_shards_than_training_rows_are_refused() => Assert.Equal(
        "DT3502: --shards is 4, but there are 3 training rows\nexpected: at most 3, so that no shard is empty",
        Refusal.TextOf(() => Build(SmallTables.Mixed(3, 1), new() { ValidationFraction = 0, Shards = 4 })));

    [Fact]
    public void Options_that_cannot_work_are_refused() => Assert.Equal(
        "DT3501: --shards is 0\nexpected: a whole number of at least 1",
        Refusal.TextOf(() => Build(SmallTables.Mixed(3, 1), new() { Shards = 0 })));

    [Fact]
    public void A_table_without_rows_is_refused() => Assert.Equal(
        "DT4501: input.csv has no rows\nexpected: at least one row to train on",
        Refusal.TextOf(() => Build(SmallTables.Of([], SmallTables.Number("x")))));

    [Fact]
    public void A_split_that_leaves_nothing_to_train_on_is_refused() => Assert.Equal(
        "DT4502: no row is left to train on\nthe share held out for validation is 0.99999\nfix: --validation 0, or more rows",
        Refusal.TextOf(() => Build(SmallTables.Mixed(3, 1), new() { ValidationFraction = 0.99999 })));

    static Dataset Build(Table table, DatasetOptions? options = null) =>
        DatasetBuilder.Build(table, null, (options ?? new DatasetOptions()) with { MissingAsMean = true });

    static IEnumerable<Shard> ShardsOf(Dataset dataset, DatasetPart part) =>
        Enumerable.Range(0, dataset.Manifest.RowsOf(part).Length).Select(shard => dataset.Open(part, new ShardId(shard)));

    static IEnumerable<int> RowsOf(Dataset dataset, DatasetPart part) => ShardsOf(dataset, part).SelectMany(shard => shard.SourceRows);

    static void AssertEncoded(Table table, Dataset dataset, DatasetPart part)
    {
        var classes = dataset.Classes.Active.Select(k => dataset.Classes.Names[k]).ToList();
        foreach (var shard in ShardsOf(dataset, part))
        {
            var decoded = PlainEncoding.Decode(shard, dataset.Manifest.Layout);
            for (var row = 0; row < shard.RowCount; row++)
            {
                var source = shard.SourceRows[row];
                Assert.Equal(PlainEncoding.Encode(table, dataset.Schema, source), decoded[row]);
                Assert.Equal(classes.IndexOf(table.Label!.Dictionary[table.Label.Codes[source]]), shard.Labels[row]);
                Assert.Equal(table.Weights?[source] ?? 1, shard.WeightOf(row));
            }
        }
    }
}
