using CsCheck;
using DistTrain.Data.Storage;
using DistTrain.Learning;
using DistTrain.Learning.Kernels;
using DistTrain.Numerics;
using DistTrain.Shared.Tests.Testing;

namespace DistTrain.Shared.Tests.Learning.Kernels;

public sealed class ExactSumsTests
{
    const int ShardCount = 12;

    static readonly FeatureLayout Layout = FloatKernelTests.LayoutOf("mixed");
    static readonly ExampleRows Rows = RandomExamples.Rows(Layout, classCount: 4, rowCount: 700, seed: 73, weighted: true);
    static readonly Parameters Point = RandomExamples.Parameters(Rows.Shape, seed: 73);
    static readonly Scales RunScales = Rows.ToScales();
    static readonly Shard[] Shards = [.. Rows.ToShards(ShardCount)];

    [Theory]
    [InlineData(EvaluationKind.Gradient)]
    [InlineData(EvaluationKind.Closing)]
    [InlineData(EvaluationKind.Metrics)]
    [InlineData(EvaluationKind.Calibration)]
    public void Any_order_and_any_grouping_of_shards_gives_the_same_bits(EvaluationKind kind)
    {
        var request = new EvaluationRequest(kind);
        var expected = KernelRuns.Evaluate(request, Point, Layout, RunScales, Shards);
        var orders = Gen.ULong.Select(seed => Permutation.Of(ShardCount, seed, 1));
        var owners = Gen.Int[0, 4].Array[ShardCount];
        Gen.Select(orders, owners).Sample(
            (order, owner) =>
            {
                var sums = order
                    .GroupBy(shard => owner[shard], shard => Shards[shard])
                    .Select(group => KernelRuns.Evaluate(request, Point, Layout, RunScales, group))
                    .Aggregate((left, right) => { right.Add(left); return right; });
                KernelRuns.AssertSameBits(expected, sums);
            },
            iter: 100, seed: "0000KernelSum");
    }

    [Fact]
    public void An_evaluator_that_has_served_other_shards_gives_the_same_bits_as_a_fresh_one()
    {
        var request = new EvaluationRequest(EvaluationKind.Gradient);
        var evaluator = new ShardEvaluator(Rows.Shape, Layout, RunScales, Rows.Targets);
        var point = new EvaluationPoint(Point, Layout);
        evaluator.Evaluate(request, point, Rows.ToShard(), new EvaluationSums(Rows.Shape, EvaluationKind.Gradient));
        evaluator.Evaluate(
            request, new EvaluationPoint(Nowhere(), Layout), Rows.ToShard(), new EvaluationSums(Rows.Shape, EvaluationKind.Gradient));
        foreach (var shard in Shards)
        {
            var sums = new EvaluationSums(Rows.Shape, EvaluationKind.Gradient);
            evaluator.Evaluate(request, point, shard, sums);
            KernelRuns.AssertSameBits(KernelRuns.Evaluate(request, Point, Layout, RunScales, shard), sums);
        }

        static Parameters Nowhere()
        {
            var parameters = new Parameters(Rows.Shape);
            parameters.Values.AsSpan().Fill(double.NaN);
            return parameters;
        }
    }

    [Fact]
    public void Threads_that_share_a_point_give_the_same_bits_as_one()
    {
        var request = new EvaluationRequest(EvaluationKind.Gradient);
        var expected = KernelRuns.Evaluate(request, Point, Layout, RunScales, Shards);
        var point = new EvaluationPoint(Point, Layout);
        var sums = Enumerable.Range(0, 3).Select(_ => new EvaluationSums(Rows.Shape, EvaluationKind.Gradient)).ToArray();
        var threads = sums.Select((sum, index) => new Thread(() =>
        {
            var evaluator = new ShardEvaluator(Rows.Shape, Layout, RunScales, Rows.Targets);
            for (var shard = index; shard < ShardCount; shard += 3) evaluator.Evaluate(request, point, Shards[shard], sum);
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());

        sums[0].Add(sums[1]);
        sums[0].Add(sums[2]);
        KernelRuns.AssertSameBits(expected, sums[0]);
    }

    [Theory]
    [InlineData(EvaluationKind.Gradient, 1e-30f), InlineData(EvaluationKind.Gradient, 1f), InlineData(EvaluationKind.Gradient, 3e30f)]
    [InlineData(EvaluationKind.Closing, 1e-30f), InlineData(EvaluationKind.Closing, 1f), InlineData(EvaluationKind.Closing, 1e34f)]
    public void Sums_at_the_bound_do_not_overflow(EvaluationKind kind, float value)
    {
        // Every row is of class 0 and the model is sure of class 1: |p − q| = 1 everywhere, and every term has the same sign.
        const int rowCount = 9000;
        var layout = RandomExamples.Layout(dense: 1, sparse: 1);
        var features = Enumerable.Range(0, rowCount).Select(_ => new[] { value, value }).ToArray();
        var rows = new ExampleRows(layout, 2, features, new int[rowCount], [.. Enumerable.Repeat(3f, rowCount)]);
        var parameters = new Parameters(rows.Shape);
        parameters.Intercepts[1] = 1000;

        var gradient = KernelRuns.Evaluate(kind, rows, parameters).GradientSums(rows.ToScales());
        var expected = 3.0 * rowCount * value;
        Assert.All(gradient[2..4], sum => Assert.Equal(expected, sum, 1e-5 * expected));
        Assert.Equal(3.0 * rowCount, gradient[5], 1e-6 * rowCount);
    }

    [Fact]
    public void Weights_at_the_bound_do_not_overflow()
    {
        var layout = RandomExamples.Layout(coded: [(CodeKind.Level, 1), (CodeKind.Bits, 1)]);
        var rows = new ExampleRows(layout, 2, [[1, 1], [1, 1]], [0, 0], [1e30f, 3e34f]);
        var parameters = new Parameters(rows.Shape);
        parameters.Intercepts[1] = 1000;
        var sums = KernelRuns.Evaluate(EvaluationKind.Gradient, rows, parameters);
        Assert.All(sums.GradientSums(rows.ToScales())[2..4], sum => Assert.Equal(3.0001e34, sum, 1e28));
        Assert.Equal(3.0001e37, KernelRuns.Number(sums.Loss, rows), 1e31);
    }

    [Theory, InlineData(EvaluationKind.Gradient), InlineData(EvaluationKind.Closing), InlineData(EvaluationKind.Metrics)]
    public void Rows_of_weight_zero_count_nowhere_whatever_they_hold(EvaluationKind kind)
    {
        var rows = RandomExamples.Rows(Layout, classCount: 4, rowCount: 300, seed: 74, weighted: true);
        for (var row = 0; row < rows.Count; row += 3)
        {
            rows.Weights![row] = 0;
            rows.Features[row][0] = row % 2 == 0 ? 3e38f : -3e38f;
            rows.Features[row][^1] = 2e38f;
            rows.Labels[row] = row % 4 - 1;
        }
        var parameters = RandomExamples.Parameters(rows.Shape, seed: 74);
        TwinComparison.AssertClose(rows, parameters, KernelRuns.Evaluate(kind, rows, parameters), 3e-7);
    }

    [Fact]
    public void Sums_of_another_shape_or_kind_are_refused()
    {
        var sums = new EvaluationSums(new ModelShape(2, 3), EvaluationKind.Gradient);
        var error = Assert.Throws<ArgumentException>(() => sums.Add(new EvaluationSums(new ModelShape(2, 3), EvaluationKind.Metrics)));
        Assert.StartsWith("Sums of Metrics ModelShape { ClassCount = 2, FeatureCount = 3", error.Message, StringComparison.Ordinal);
    }
}
