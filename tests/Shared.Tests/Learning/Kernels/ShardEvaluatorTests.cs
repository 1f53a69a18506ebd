using DistTrain.Learning;
using DistTrain.Learning.Kernels;
using DistTrain.Shared.Tests.Testing;

namespace DistTrain.Shared.Tests.Learning.Kernels;

public sealed class ShardEvaluatorTests
{
    static readonly ExampleRows Rows = RandomExamples.Rows(FloatKernelTests.LayoutOf("dense"), classCount: 3, rowCount: 10, seed: 75);
    static readonly EvaluationPoint Point = new(new Parameters(Rows.Shape), Rows.Layout);
    static readonly ShardEvaluator Evaluator = new(Rows.Shape, Rows.Layout, Rows.ToScales(), Targets.Plain);

    [Fact]
    public void Sums_of_another_kind_are_refused()
    {
        var sums = new EvaluationSums(Rows.Shape, EvaluationKind.Metrics);
        var request = new EvaluationRequest(EvaluationKind.Gradient);
        var error = Assert.Throws<ArgumentException>(() => Evaluator.Evaluate(request, Point, Rows.ToShard(), sums));
        Assert.Equal(
            $"Sums of Metrics {Rows.Shape} do not fit Gradient {Rows.Shape}. (Parameter 'sums')",
            error.Message);
    }

    [Fact]
    public void A_point_of_another_shape_is_refused()
    {
        var point = new EvaluationPoint(new Parameters(new ModelShape(2, 13)), Rows.Layout);
        var sums = new EvaluationSums(Rows.Shape, EvaluationKind.Gradient);
        var request = new EvaluationRequest(EvaluationKind.Gradient);
        var error = Assert.Throws<ArgumentException>(() => Evaluator.Evaluate(request, point, Rows.ToShard(), sums));
        Assert.StartsWith("The point is of ModelShape { ClassCount = 2,", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parameters_that_do_not_fit_the_layout_are_refused()
    {
        var error = Assert.Throws<ArgumentException>(() => new EvaluationPoint(new Parameters(new ModelShape(3, 5)), Rows.Layout));
        Assert.Equal("Parameters are for 5 features, the layout holds 13. (Parameter 'parameters')", error.Message);
    }

    [Fact]
    public void Nothing_is_allocated_per_shard_once_warm()
    {
        var rows = RandomExamples.Rows(FloatKernelTests.LayoutOf("mixed"), classCount: 3, rowCount: 100, seed: 76);
        var evaluator = new ShardEvaluator(rows.Shape, rows.Layout, rows.ToScales(), Targets.Plain);
        var point = new EvaluationPoint(new Parameters(rows.Shape), rows.Layout);
        var shard = rows.ToShard();
        foreach (var kind in new[] { EvaluationKind.Gradient, EvaluationKind.Closing, EvaluationKind.Metrics })
        {
            var request = new EvaluationRequest(kind);
            var sums = new EvaluationSums(rows.Shape, kind);
            evaluator.Evaluate(request, point, shard, sums);
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 10; i++) evaluator.Evaluate(request, point, shard, sums);
            Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        }
    }
}
