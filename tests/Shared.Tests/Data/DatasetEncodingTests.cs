using DistTrain.Data;
using DistTrain.Data.Schema;
using DistTrain.Data.Storage;
using DistTrain.Data.Tables;

namespace DistTrain.Shared.Tests.Data;

/// <summary>Rows encoded for a trained model.</summary>
public class DatasetEncodingTests
{
    static readonly FeatureSchema Schema = new(
        [new NumericColumnSchema("x", 2, null), new CategoricalColumnSchema("c", ["u", "v"]), new NumericColumnSchema("y", 0, 0.5)]);

    static readonly ClassList Classes = new(["a", "b", "never"], [0, 1]);

    [Fact]
    public void Rows_keep_the_order_of_the_input()
    {
        var table = SmallTables.Of(
            null, SmallTables.Number("x", 3000, row => row), SmallTables.Text("c", 3000, _ => "u"), SmallTables.Number("y", 3000, row => row % 2));
        var dataset = DatasetBuilder.Encode(table, Schema, Classes).Dataset;
        var shards = dataset.Manifest.ValidationRows.Select((_, s) => dataset.Open(DatasetPart.Validation, new ShardId(s))).ToList();

        Assert.Equal(3, shards.Count);
        Assert.Equal(Enumerable.Range(0, 3000), shards.SelectMany(shard => shard.SourceRows));
        Assert.All(shards, shard => Assert.All(shard.Labels, label => Assert.Equal(-1, label)));
    }

    [Fact]
    public void The_model_s_centres_are_kept_though_the_content_would_be_held_otherwise()
    {
        var table = SmallTables.Of(
            null, SmallTables.Number("x", 0, 1, 1), SmallTables.Text("c", "v", "w", "u"), SmallTables.Number("y", 3, 0.25, double.NaN));
        var dataset = DatasetBuilder.Encode(table, Schema, Classes).Dataset;
        var shard = dataset.Open(DatasetPart.Validation, new ShardId(0));

        Assert.Equal(
            [[-2f, 0, 1, 3, 0], [-1f, 0, 0, 0.25f, 0], [-1f, 1, 0, 0.5f, 1]],
            Enumerable.Range(0, 3).Select(row => PlainEncoding.Decode(shard, dataset.Manifest.Layout, row)));
    }

    [Fact]
    public void There_is_no_training_part()
    {
        var table = SmallTables.Of(["b", "never"], SmallTables.Number("x", 1, 2), SmallTables.Text("c", "u", "v"), SmallTables.Number("y", 3, 4)).Weighted(2, 0.5f);
        var dataset = DatasetBuilder.Encode(table, Schema, Classes).Dataset;

        Assert.Equal((0, 0, 2.5), (dataset.Manifest.ShardCount, dataset.Manifest.WeightSum, dataset.Manifest.ValidationWeightSum));
        Assert.Equal(2, dataset.Manifest.ClassCount);
        Assert.Equal(new double[5], dataset.Manifest.AbsoluteSums);
        Assert.Equal(new double[10], dataset.Manifest.ClassFeatureSums);
        Assert.Equal([1, -1], dataset.Open(DatasetPart.Validation, new ShardId(0)).Labels);
    }

    [Fact]
    public void Unseen_texts_are_counted_by_column()
    {
        var table = SmallTables.Of(
            null, SmallTables.Number("x", 1, 2, 3), SmallTables.Text("c", "w", "u", "z"), SmallTables.Number("y", 3, 4, 5));

        Assert.Equal([new UnseenValues("c", 2, "w")], DatasetBuilder.Encode(table, Schema, Classes).Unseen.AsEnumerable());
    }

    [Fact]
    public void Unseen_indices_are_counted_by_row()
    {
        var schema = new FeatureSchema([new IndexedColumnsSchema([2, 4], [0, 0], 1)]);
        var table = SmallTables.Of(null, SmallTables.Indexed(1, [(2, 1.0), (3, 1.0), (9, 1.0)], [(4, 1.0)], [(1, 1.0), (2, 1.0)]));
        var (dataset, unseen) = DatasetBuilder.Encode(table, schema, Classes);
        var shard = dataset.Open(DatasetPart.Validation, new ShardId(0));

        Assert.Equal([new UnseenValues("features", 2, "3")], unseen.AsEnumerable());
        Assert.Equal(
            [[1f, 0], [0f, 1], [1f, 0]], Enumerable.Range(0, 3).Select(row => PlainEncoding.Decode(shard, dataset.Manifest.Layout, row)));
    }

    [Fact]
    public void Where_all_is_known_nothing_is_unseen()
    {
        var table = SmallTables.Of(null, SmallTables.Number("x", 1), SmallTables.Text("c", "u"), SmallTables.Number("y", 3));

        Assert.Empty(DatasetBuilder.Encode(table, Schema, Classes).Unseen);
    }

    [Fact]
    public void A_training_row_is_encoded_as_it_was_trained()
    {
        var table = SmallTables.Mixed(900, 5);
        var trained = DatasetBuilder.Build(table, null, new() { MissingAsMean = true });
        var encoded = DatasetBuilder.Encode(table, trained.Schema, trained.Classes);
        var shard = encoded.Dataset.Open(DatasetPart.Validation, new ShardId(0));
        var decoded = PlainEncoding.Decode(shard, encoded.Dataset.Manifest.Layout);

        Assert.Equal(900, decoded.Length);
        Assert.All(
            Enumerable.Range(0, 900).Where(row => row % 7 == 0),
            row => Assert.Equal(PlainEncoding.Encode(table, trained.Schema, row), decoded[row]));
    }

    [Fact]
    public void A_label_that_the_model_does_not_know_is_refused() => Assert.Equal(
        "DT4506: input.csv:3: label is \"nevr\", but the model has 3 classes (a, b, never)\ndid you mean \"never\"?\nfix: leave such rows out, or train on rows of that class too",
        Refusal.TextOf(() => Encode(SmallTables.Of(["a", "nevr"], SmallTables.Number("x", 1, 2), SmallTables.Text("c", "u", "u"), SmallTables.Number("y", 1, 2)))));

    [Fact]
    public void A_missing_cell_of_a_column_that_had_none_in_training_is_refused() => Assert.StartsWith(
        "DT4510: input.csv:3: x is empty",
        Refusal.TextOf(() => Encode(SmallTables.Of(null, SmallTables.Number("x", 1, double.NaN), SmallTables.Text("c", "u", "u"), SmallTables.Number("y", 1, 2)))),
        StringComparison.Ordinal);

    [Fact]
    public void No_rows_are_refused() => Assert.StartsWith(
        "DT4501: input.csv has no rows", Refusal.TextOf(() => Encode(SmallTables.Of([], SmallTables.Number("x")))), StringComparison.Ordinal);

    static void Encode(Table table) => DatasetBuilder.Encode(table, Schema, Classes);
}
