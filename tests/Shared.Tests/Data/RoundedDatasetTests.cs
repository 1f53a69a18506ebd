using DistTrain.Data;
using DistTrain.Data.Statistics;
using DistTrain.Data.Storage;
using DistTrain.Numerics;

namespace DistTrain.Shared.Tests.Data;

/// <summary>Datasets whose training rows hold dense columns in bf16.</summary>
public sealed class RoundedDatasetTests
{
    static readonly DatasetOptions Options = new() { MissingAsMean = true, Shards = 3, ValidationFraction = 0.25 };

    [Fact]
    public void Training_rows_are_rounded_after_centring_and_held_out_rows_are_not()
    {
        var (whole, rounded) = (Build(DenseFormat.Full), Build(DenseFormat.Bf16));

        foreach (var (one, other) in whole.RowsOf(DatasetPart.Training).Zip(rounded.RowsOf(DatasetPart.Training)))
        {
            var (halves, expected) = (new ushort[one.Dense.Values.Length], new float[one.Dense.Values.Length]);
            Bfloat16.Round(one.Dense.Values, halves);
            Assert.Equal(halves, other.Dense.Halves.ToArray());
            Assert.Equal(one.Labels, other.Labels);
            Assert.Equal(one.Weights, other.Weights);
            Assert.Equal(one.SourceRows, other.SourceRows);
            Assert.Equal(one.Codes, other.Codes);
            Assert.Equal(one.Sparse.Values, other.Sparse.Values);
        }
        foreach (var (one, other) in whole.RowsOf(DatasetPart.Validation).Zip(rounded.RowsOf(DatasetPart.Validation)))
            Assert.Equal(one.Dense.Values.ToArray(), other.Dense.Values.ToArray());
    }

    [Fact]
    public void Statistics_are_those_of_the_rounded_rows()
    {
        var dataset = Build(DenseFormat.Bf16);
        var layout = dataset.Manifest.Layout;
        var sums = new FeatureSums(dataset.Manifest.ClassCount, layout, shardsAtOnce: 1);

        foreach (var (index, rows) in dataset.RowsOf(DatasetPart.Training).Index())
            sums.Add(new[] { Widened(rows, layout).ToShard(new ShardId(index)) }, SerialFor.Instance);

        Assert.Equal(sums.Absolutes(), dataset.Manifest.AbsoluteSums);
        Assert.Equal(sums.Squares(), dataset.Manifest.SquareSums);
        Assert.Equal(sums.ByClass(), dataset.Manifest.ClassFeatureSums);
        Assert.NotEqual(Build(DenseFormat.Full).Manifest.SquareSums, dataset.Manifest.SquareSums);
    }

    [Fact]
    public void The_manifest_says_by_how_much_training_rows_were_changed()
    {
        var (whole, rounded) = (Build(DenseFormat.Full).Manifest, Build(DenseFormat.Bf16).Manifest);

        Assert.Equal(default, whole.Rounding);
        Assert.InRange(rounded.Rounding.RootMeanSquare(rounded.TrainingRowCount * (double)rounded.Layout.DenseCount), 1e-4, 0.0025);
        Assert.InRange(rounded.Rounding.Most, 0.003, 1.0 / 256);
    }

    [Fact]
    public void Without_a_dense_column_it_is_the_same_dataset()
    {
        var table = SmallTables.Of(SmallTables.Alternating(300), SmallTables.Text("t", 300, row => $"l{row % 5}"));

        var rounded = DatasetBuilder.Build(table, null, Options with { DenseFormat = DenseFormat.Bf16 });

        Assert.Equal(DatasetBuilder.Build(table, null, Options).Manifest.Fingerprint, rounded.Manifest.Fingerprint);
        Assert.Equal(DenseFormat.Full, rounded.Manifest.Layout.TrainingFormat);
    }

    [Fact]
    public void The_estimate_of_memory_knows_the_rows_that_take_half()
    {
        var plan = DatasetBuilder.Plan(SmallTables.Mixed(1200, 4), null, Options with { DenseFormat = DenseFormat.Bf16 });

        Assert.Equal(plan.Assemble().Manifest.TrainingRowCount, plan.Size.HalvedRowCount);
    }

    static Dataset Build(DenseFormat format) =>
        DatasetBuilder.Build(SmallTables.Mixed(1200, 4), null, Options with { DenseFormat = format });

    static ShardRows Widened(ShardRows rows, FeatureLayout layout)
    {
        var dense = new DenseRows(rows.RowCount, layout.DenseStride);
        Bfloat16.Widen(rows.Dense.Halves, dense.Values);
        var widened = new ShardRows(rows.RowCount, layout, rows.Weights is not null, dense) { Sparse = rows.Sparse };
        rows.Labels.CopyTo(widened.Labels, 0);
        rows.Weights?.CopyTo(widened.Weights!, 0);
        for (var i = 0; i < rows.Codes.Length; i++) rows.Codes[i].CopyTo(widened.Codes[i], 0);
        return widened;
    }
}
