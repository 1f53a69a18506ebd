using DistTrain.Data.Storage;
using DistTrain.Learning;
using DistTrain.Numerics;
using DistTrain.Shared.Tests.Testing;

namespace DistTrain.Shared.Tests.Learning.Kernels;

public sealed class FloatKernelTests
{
    const ulong Seed = 71;

    static readonly int[] RowCounts = [0, 1, 3, 31, 32, 33, 1023, 4095, 4096, 4097, 10_000];
    static readonly int[] FewRowCounts = [0, 1, 33, 4097];

    public static TheoryData<int, string> ClassesAndLayouts()
    {
        var data = new TheoryData<int, string>();
        foreach (var classes in new[] { 2, 3, 4, 5, 6, 9, 17, 200 })
        {
            foreach (var layout in new[] { "dense", "levels", "bits", "sparse", "mixed", "none" }) data.Add(classes, layout);
        }
        return data;
    }

    internal static FeatureLayout LayoutOf(string name) => name switch
    {
        "dense" => RandomExamples.Layout(dense: 13),
        "levels" => RandomExamples.Layout(coded: [(CodeKind.Level, 5), (CodeKind.Level, 1)]),
        "bits" => RandomExamples.Layout(coded: [(CodeKind.Bits, 8), (CodeKind.Bits, 3)]),
        "sparse" => RandomExamples.Layout(sparse: 9),
        "mixed" => RandomExamples.Layout(dense: 3, coded: [(CodeKind.Level, 4), (CodeKind.Bits, 2)], sparse: 5),
        _ => RandomExamples.Layout(),
    };

    [Theory, MemberData(nameof(ClassesAndLayouts))]
    public void Loss_and_gradient_equal_the_slow_twins(int classes, string layout)
    {
        foreach (var rowCount in classes < 6 ? RowCounts : FewRowCounts)
        {
            var rows = RandomExamples.Rows(LayoutOf(layout), classes, rowCount, Seed, weighted: rowCount % 2 == 1);
            var parameters = RandomExamples.Parameters(rows.Shape, Seed);
            TwinComparison.AssertClose(rows, parameters, KernelRuns.Evaluate(EvaluationKind.Gradient, rows, parameters), 3e-7);
        }
    }

    [Theory, InlineData(1), InlineData(7), InlineData(8), InlineData(9), InlineData(16), InlineData(100)]
    public void Dense_columns_need_not_fill_the_lanes(int denseCount)
    {
        var rows = RandomExamples.Rows(RandomExamples.Layout(dense: denseCount), classCount: 4, rowCount: 500, Seed);
        var parameters = RandomExamples.Parameters(rows.Shape, Seed, size: 0.2);
        TwinComparison.AssertClose(rows, parameters, KernelRuns.Evaluate(EvaluationKind.Gradient, rows, parameters), 3e-7);
    }

    [Theory, InlineData(2), InlineData(3), InlineData(4), InlineData(10)]
    public void Rows_of_every_width_end_where_they_end(int classes)
    {
        foreach (var denseCount in new[] { 1, 8, 15, 16, 17, 24, 32, 33 })
        {
            foreach (var rowCount in new[] { 1, 31, 32, 33, 97, 4096, 4129 })
            {
                var rows = RandomExamples.Rows(RandomExamples.Layout(dense: denseCount), classes, rowCount, Seed, weighted: rowCount == 97);
                var parameters = RandomExamples.Parameters(rows.Shape, Seed, size: 0.5);
                TwinComparison.AssertClose(rows, parameters, KernelRuns.Evaluate(EvaluationKind.Gradient, rows, parameters), 3e-7);
            }
        }
    }

    [Theory, InlineData(2), InlineData(5), InlineData(9), InlineData(17)]
    public void Coded_columns_may_be_few_or_many(int classes)
    {
        foreach (var count in new[] { 1, 3, 4, 5, 6, 9 })
        {
            (CodeKind, int)[] coded = [.. Enumerable.Range(0, count).Select(i => (i % 2 == 0 ? CodeKind.Bits : CodeKind.Level, 2 + i % 4))];
            var rows = RandomExamples.Rows(RandomExamples.Layout(coded: coded), classes, rowCount: 4096 + 77, Seed);
            var parameters = RandomExamples.Parameters(rows.Shape, Seed);
            TwinComparison.AssertClose(rows, parameters, KernelRuns.Evaluate(EvaluationKind.Gradient, rows, parameters), 3e-7);
        }
    }

    [Fact]
    public void Columns_longer_than_a_piece_are_summed_whole()
    {
        var layout = RandomExamples.Layout(sparse: 2);
        var features = Enumerable.Range(0, 9000).Select(row => new[] { 1f, row % 3 == 0 ? 0f : 0.5f + row % 7 }).ToArray();
        var rows = new ExampleRows(layout, 3, features, [.. Enumerable.Range(0, 9000).Select(row => row % 3)]);
        var parameters = RandomExamples.Parameters(rows.Shape, Seed);
        TwinComparison.AssertClose(rows, parameters, KernelRuns.Evaluate(EvaluationKind.Gradient, rows, parameters), 3e-7);
    }

    [Fact]
    public void A_full_sparse_shard_of_65_536_rows_uses_every_row_number()
    {
        var layout = RandomExamples.Layout(sparse: 300);
        var features = new float[Shard.SparseRowsMax][];
        for (var row = 0; row < features.Length; row++)
        {
            features[row] = new float[300];
            features[row][row % 300] = 1f;
            features[row][row / 7 % 300] = 1f + row % 2;
        }
        var rows = new ExampleRows(layout, 3, features, [.. Enumerable.Range(0, features.Length).Select(row => row / 5 % 3)]);
        var parameters = RandomExamples.Parameters(rows.Shape, Seed);
        TwinComparison.AssertClose(rows, parameters, KernelRuns.Evaluate(EvaluationKind.Gradient, rows, parameters), 3e-7);
    }

    [Theory, InlineData("dense"), InlineData("levels"), InlineData("bits"), InlineData("sparse"), InlineData("mixed")]
    public void The_gradient_is_the_numerical_derivative_of_the_loss(string layout)
    {
        var rows = RandomExamples.Rows(LayoutOf(layout), classCount: 3, rowCount: 57, Seed, weighted: true);
        var parameters = RandomExamples.Parameters(rows.Shape, Seed);
        var gradient = KernelRuns.Evaluate(EvaluationKind.Gradient, rows, parameters).GradientSums(rows.ToScales());

        const double step = 1.0 / 64;
        for (var i = 0; i < gradient.Length; i++)
        {
            var slope = (LossAt(i, step) - LossAt(i, -step)) / (2 * step);
            Assert.Equal(slope, gradient[i], 3e-3);
        }

        double LossAt(int index, double by)
        {
            var moved = new Parameters(rows.Shape, [.. parameters.Values]);
            moved.Values[index] += by;
            return KernelRuns.Number(KernelRuns.Evaluate(EvaluationKind.Gradient, rows, moved).Loss, rows);
        }
    }

    [Theory, InlineData(2), InlineData(3), InlineData(9)]
    public void Logits_of_ten_thousand_give_finite_sums(int classes)
    {
        var rows = RandomExamples.Rows(RandomExamples.Layout(dense: 2), classes, rowCount: 100, Seed);
        var parameters = RandomExamples.Parameters(rows.Shape, Seed, size: 8000);
        var twin = new SlowSoftmax(rows, parameters);
        Assert.True(twin.LogitRange > 10_000);
        TwinComparison.AssertClose(rows, parameters, KernelRuns.Evaluate(EvaluationKind.Gradient, rows, parameters), 3e-7);
    }

    [Theory, InlineData(1e-4f), InlineData(1f), InlineData(1e10f)]
    public void Tiny_and_huge_features_keep_their_relative_precision(float size)
    {
        var rows = RandomExamples.Rows(RandomExamples.Layout(dense: 3, sparse: 4), classCount: 3, rowCount: 200, Seed);
        rows = rows with { Features = [.. rows.Features.Select(row => row.Select(x => x * size).ToArray())] };
        var parameters = RandomExamples.Parameters(rows.Shape, Seed, size: 0.5 / size);
        TwinComparison.AssertClose(rows, parameters, KernelRuns.Evaluate(EvaluationKind.Gradient, rows, parameters), 3e-7);
    }

    [Fact]
    public void A_loss_that_is_not_a_number_is_told_and_nothing_of_its_block_is_added()
    {
        var rows = RandomExamples.Rows(LayoutOf("mixed"), classCount: 3, rowCount: 40, Seed);
        var parameters = RandomExamples.Parameters(rows.Shape, Seed);
        parameters.Weights[0] = double.NaN;
        var sums = KernelRuns.Evaluate(EvaluationKind.Gradient, rows, parameters);
        Assert.True(sums.NonFinite);
        Assert.All(sums.Gradient, sum => Assert.Equal(0, sum));
        Assert.Equal(WideInteger.Zero, sums.Loss);
    }

    [Fact]
    public void Infinite_and_absurdly_large_logits_are_told()
    {
        foreach (var weight in new[] { 3e38, 1e25 })
        {
            var rows = RandomExamples.Rows(RandomExamples.Layout(dense: 2), classCount: 2, rowCount: 40, Seed);
            var parameters = new Parameters(rows.Shape);
            parameters.Weights[0] = weight;
            Assert.True(KernelRuns.Evaluate(EvaluationKind.Gradient, rows, parameters).NonFinite);
        }
    }

    [Fact]
    public void A_column_whose_sum_could_pass_the_floats_is_told()
    {
        var rows = new ExampleRows(RandomExamples.Layout(dense: 1), 2, [[3e38f], [3e38f], [-3e38f]], [0, 1, 0]);
        Assert.True(KernelRuns.Evaluate(EvaluationKind.Gradient, rows, new Parameters(rows.Shape)).NonFinite);
        Assert.False(KernelRuns.Evaluate(EvaluationKind.Closing, rows, new Parameters(rows.Shape)).NonFinite);
    }
}
