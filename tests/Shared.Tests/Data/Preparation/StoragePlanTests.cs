using DistTrain.Data.Preparation;
using DistTrain.Data.Schema;
using DistTrain.Data.Storage;
using static DistTrain.Data.Preparation.FeatureStorage;

namespace DistTrain.Shared.Tests.Data.Preparation;

public class StoragePlanTests
{
    [Fact]
    public void Held_numbers_are_dense_then_levels_then_bits_then_sparse()
    {
        var schema = new FeatureSchema(
        [
            new NumericColumnSchema("rare", 0, null),
            new CategoricalColumnSchema("colour", ["blue", "red"]),
            new NumericColumnSchema("bit", 0, null),
            new NumericColumnSchema("price", 7, 7),
            new CategoricalColumnSchema("size", ["S"]),
        ]);

        var plan = StoragePlan.Of(schema, [Sparse, Level, Level, Bits, Dense, Bits, Level]);

        Assert.Equal([4, 1, 2, 6, 3, 5, 0], plan.Layout.SchemaFeatures.AsEnumerable());
        Assert.Equal([7f, 0, 0, 0, 0, 0, 0], plan.Layout.Centers.AsEnumerable());
        Assert.Equal(
            [new(CodeKind.Level, 1, 2), new(CodeKind.Level, 3, 1), new CodedColumnLayout(CodeKind.Bits, 4, 2)], plan.Layout.Coded.AsEnumerable());
        Assert.Equal((1, 1, 6), (plan.Layout.DenseCount, plan.Layout.SparseCount, plan.Layout.SparseFirst));
        Assert.Equal(
            [
                new(Sparse, 0, 0, 0), new(Level, 0, 1, 0), new(Level, 0, 2, 0), new(Bits, 2, 1, 0), new(Dense, 0, 0, 7), new(Bits, 2, 2, 0),
                new FeaturePlace(Level, 1, 1, 0),
            ],
            plan.Places);
    }

    [Fact]
    public void Eight_bits_share_a_byte()
    {
        var schema = new FeatureSchema([.. Enumerable.Range(0, 17).Select(i => new NumericColumnSchema($"b{i}", 0, null))]);

        var layout = StoragePlan.Of(schema, [.. Enumerable.Repeat(Bits, 17)]).Layout;

        Assert.Equal(
            [new(CodeKind.Bits, 0, 8), new(CodeKind.Bits, 8, 8), new CodedColumnLayout(CodeKind.Bits, 16, 1)], layout.Coded.AsEnumerable());
    }

    [Fact]
    public void Only_dense_features_keep_their_centre()
    {
        var schema = new FeatureSchema(
            [new NumericColumnSchema("x", 3, 3), new IndexedColumnsSchema([1, 2], [5, 6], 1), new CategoricalColumnSchema("c", ["u"])]);

        var settled = schema.CenteredWhereDense([Sparse, Bits, Sparse, Dense, Level]);

        Assert.Equal(new NumericColumnSchema("x", 0, 3), settled.Columns[0]);
        Assert.Equal([0f, 6f], Assert.IsType<IndexedColumnsSchema>(settled.Columns[1]).Centers.AsEnumerable());
    }
}
