using DistTrain.Data.Storage;
using DistTrain.Learning;
using DistTrain.Shared.Tests.Testing;

namespace DistTrain.Shared.Tests.Learning.Kernels;

/// <summary>Batches read and sum only the sparse features they touch, with the bits of an evaluation of all.</summary>
public sealed class GatheredKernelTests
{
    [Theory]
    [InlineData("sparse", 2), InlineData("sparse", 3), InlineData("sparse", 5), InlineData("sparse", 6), InlineData("sparse", 11)]
    [InlineData("mixed", 2), InlineData("mixed", 3), InlineData("mixed", 4), InlineData("mixed", 11)]
    public void Touched_sums_are_those_of_the_whole_gradient(string layoutName, int classCount)
    {
        var layout = FloatKernelTests.LayoutOf(layoutName);
        var rows = RandomExamples.Rows(layout, classCount, rowCount: 300, seed: 31, weighted: true);
        var point = RandomExamples.Parameters(rows.Shape, seed: 32);
        var whole = KernelRuns.Evaluate(new EvaluationRequest(EvaluationKind.Gradient), point, layout, rows.ToScales(), rows.ToShards(5));

        var batch = Batch(layout, rows, point, [.. rows.ToShards(5)]);

        Assert.Equal(whole.Loss, batch.Loss);
        Assert.Equal(whole.TrainingWeight, batch.TrainingWeight);
        Assert.Equal(whole.Gradient, Whole(batch));
    }

    [Fact]
    public void Any_grouping_of_shards_gives_the_same_bits()
    {
        var layout = FloatKernelTests.LayoutOf("mixed");
        var rows = RandomExamples.Rows(layout, classCount: 4, rowCount: 400, seed: 33);
        var point = RandomExamples.Parameters(rows.Shape, seed: 34);
        Shard[] shards = [.. rows.ToShards(9)];
        var expected = Batch(layout, rows, point, shards);
        foreach (var groupCount in (int[])[2, 3, 7])
        {
            var sums = shards.GroupBy(shard => shard.Id.Index * 5 % groupCount)
                .Select(group => Batch(layout, rows, point, [.. group.Reverse()]))
                .Aggregate((left, right) => { right.Add(left); return right; });

            Assert.Equal(expected.Loss, sums.Loss);
            Assert.Equal(Whole(expected), Whole(sums));
            Assert.Equal(expected.Touched!.Features.ToArray(), sums.Touched!.Features.ToArray());
        }
    }

    [Fact]
    public void A_gradient_by_features_names_what_is_not_sparse_what_is_touched_and_the_intercepts()
    {
        var layout = RandomExamples.Layout(dense: 2, sparse: 50);
        var rows = RandomExamples.Rows(layout, classCount: 3, rowCount: 4, seed: 35);
        var sums = Batch(layout, rows, RandomExamples.Parameters(rows.Shape, seed: 36), [rows.ToShard()]);

        var batch = new BatchGradient(rows.ToScales());
        batch.Read(sums);
        var (features, lanes) = PlainGradient.All(batch);
        var values = PlainGradient.ValuesOf(lanes, 3);

        Assert.Equal([0, 1, .. sums.Touched!.Features.ToArray().Select(f => 2 + f), 52], features);
        Assert.InRange(features.Length, 4, 52);
        var whole = Whole(sums);
        var weight = KernelRuns.Number(sums.TrainingWeight, rows);
        foreach (var (i, d) in features.Index())
        {
            var scale = d < 52 ? rows.ToScales().Features[d] : rows.ToScales().Intercept;
            Assert.Equal(whole[2 * d] / scale / weight, values[3 * i + 1]);
            Assert.Equal(whole[2 * d + 1] / scale / weight, values[3 * i + 2]);
            Assert.Equal(0, values.AsSpan(3 * i, 3).ToArray().Sum(), 1e-12);
        }
    }

    /// <summary>Sums in many runs, in two, in one.</summary>
    [Fact]
    public void A_gradient_is_the_same_however_its_sums_are_merged()
    {
        var layout = FloatKernelTests.LayoutOf("mixed");
        var rows = RandomExamples.Rows(layout, classCount: 4, rowCount: 400, seed: 37);
        var point = RandomExamples.Parameters(rows.Shape, seed: 38);
        Shard[] shards = [.. rows.ToShards(5)];
        var settled = Batch(layout, rows, point, shards);
        settled.Settle();
        var expected = Gradient(settled);

        Assert.Equal(expected, Gradient(Batch(layout, rows, point, shards)));
        var two = Batch(layout, rows, point, shards[3..]);
        two.Settle();
        two.Add(Batch(layout, rows, point, shards[..3]));
        Assert.Equal(expected, Gradient(two));

        (int, long)[] Gradient(EvaluationSums sums)
        {
            var batch = new BatchGradient(rows.ToScales());
            batch.Read(sums);
            var (features, lanes) = PlainGradient.All(batch);
            return [.. PlainGradient.ValuesOf(lanes, 4).Select((value, i) => (features[i / 4], BitConverter.DoubleToInt64Bits(value)))];
        }
    }

    static EvaluationRequest Request { get; } = new(EvaluationKind.Batch, Batch: new BatchPosition(0, 0, 1, 1));

    static EvaluationSums Batch(FeatureLayout layout, ExampleRows rows, Parameters point, Shard[] shards)
    {
        var shape = rows.Shape with { SparseCount = layout.SparseCount };
        return KernelRuns.Evaluate(Request, new Parameters(shape, point.Values), layout, rows.ToScales(), shards);
    }

    /// <summary>The gradient with all features, as other evaluations have it.</summary>
    static long[] Whole(EvaluationSums sums)
    {
        var shape = sums.Shape;
        var whole = new long[(shape.FeatureCount + 1) * shape.FreeClassCount];
        var head = sums.Gradient.AsSpan(0, shape.SparseFirst * shape.FreeClassCount);
        head.CopyTo(whole);
        sums.Gradient.AsSpan(head.Length).CopyTo(whole.AsSpan(shape.FeatureCount * shape.FreeClassCount));
        foreach (var (i, feature) in sums.Touched!.Features.ToArray().Index())
        {
            sums.Touched.Sums.Slice(i * shape.FreeClassCount, shape.FreeClassCount)
                .CopyTo(whole.AsSpan((shape.SparseFirst + feature) * shape.FreeClassCount));
        }
        return whole;
    }
}
