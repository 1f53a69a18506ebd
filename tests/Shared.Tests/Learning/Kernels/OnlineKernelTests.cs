using DistTrain.Data.Storage;
using DistTrain.Learning;
using DistTrain.Learning.Online;
using DistTrain.Shared.Tests.Testing;

namespace DistTrain.Shared.Tests.Learning.Kernels;

public sealed class OnlineKernelTests
{
    const ulong Seed = 91;

    static EvaluationRequest Request(
        ExampleRows rows, double l2 = 0.05, double l1 = 0.01, double rate = 0.3, int batchRows = 4, bool standardize = false) =>
        new(EvaluationKind.Online)
        {
            Online = new OnlinePass(
                Penalty.Of(TrainingStatistics.Of(rows.ToManifest(1), rows.Targets), l2, l1, standardize), rate, batchRows),
        };

    static EvaluationSums Pass(ExampleRows rows, EvaluationRequest request, Parameters start, params IEnumerable<Shard> shards) =>
        KernelRuns.Evaluate(request, start, rows.Layout, rows.ToScales(), rows.Targets, shards);

    [Theory]
    [InlineData(2, "dense")]
    [InlineData(3, "levels")]
    [InlineData(5, "bits")]
    [InlineData(3, "sparse")]
    [InlineData(11, "mixed")]
    [InlineData(3, "none")]
    public void A_pass_moves_what_its_slow_twin_moves(int classes, string layout)
    {
        foreach (var rowCount in new[] { 0, 1, 4, 5, 203 })
        {
            var rows = RandomExamples.Rows(FloatKernelTests.LayoutOf(layout), classes, rowCount, Seed, weighted: rowCount % 2 == 1) with
            {
                Targets = rowCount == 5 ? Targets.Plain : new Targets(0.2, [.. Enumerable.Range(0, classes).Select(k => 0.5 + k)]),
            };
            AssertMovesOfTwin(rows, Request(rows));
        }
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(8, true)]
    [InlineData(1, false)]
    [InlineData(8, false)]
    public void Penalties_of_each_feature_and_one_for_all_are_those_of_the_slow_twin(int batchRows, bool standardize)
    {
        var rows = RandomExamples.Rows(FloatKernelTests.LayoutOf("sparse"), classCount: 3, rowCount: 150, Seed);
        AssertMovesOfTwin(rows, Request(rows, batchRows: batchRows, standardize: standardize));
    }

    static void AssertMovesOfTwin(ExampleRows rows, EvaluationRequest request)
    {
        var (start, classes) = (RandomExamples.Parameters(rows.Shape, Seed), rows.Shape.ClassCount);

        var sums = Pass(rows, request, start, rows.ToShard());

        int[] indices = [.. Enumerable.Range(0, rows.Features.Length)];
        var expected = SlowOnline.Moves(
            [.. rows.Features.Select(row => row.Select(x => (double)x).ToArray())], rows.Labels,
            [.. indices.Select(row => (double)rows.WeightOf(row))], rows.Targets, request.Online!, start);
        var scales = rows.ToScales();
        for (var i = 0; i < expected.Length; i++)
        {
            var scale = i / classes < rows.Layout.FeatureCount ? scales.Features[i / classes] : scales.Intercept;
            Assert.Equal(expected[i], sums.Moves[i] / scale * OnlinePass.MoveMax, 1e-7);
        }
        Assert.Equal(indices.Count(row => rows.WeightOf(row) > 0), sums.RowCount);
    }

    [Fact]
    public void A_step_worked_by_hand()
    {
        // One row x = 2 of class 1, both classes at ½: ḡ = (1, −1) for the weights, (½, −½) for the intercepts.
        var rows = new ExampleRows(RandomExamples.Layout(dense: 1), 2, [[2f]], [1]);

        var sums = Pass(rows, Request(rows, l2: 0, l1: 0, rate: 0.5), new Parameters(rows.Shape), rows.ToShard());

        double[] moves = [.. sums.Moves.Select((sum, i) => sum / (i < 2 ? rows.ToScales().Features[0] : rows.ToScales().Intercept) * OnlinePass.MoveMax)];
        // η/(r·√G): 0.5/(2·√2) and 0.5/√½; times the column's Σ w|x|, 2 and 1.
        double[] expected = [-2 * 0.5 / (2 * Math.Sqrt(2)), 2 * 0.5 / (2 * Math.Sqrt(2)), -0.5 * 0.5 / Math.Sqrt(0.5), 0.5 * 0.5 / Math.Sqrt(0.5)];
        for (var i = 0; i < 4; i++) Assert.Equal(expected[i], moves[i], 1e-9);
    }

    [Fact]
    public void Order_and_grouping_of_shards_and_who_computes_them_change_no_bit()
    {
        var rows = RandomExamples.Rows(FloatKernelTests.LayoutOf("mixed"), classCount: 3, rowCount: 700, Seed, weighted: true);
        var (request, start, shards) = (Request(rows), RandomExamples.Parameters(rows.Shape, Seed), rows.ToShards(7));
        var expected = Pass(rows, request, start, shards);

        var grouped = Pass(rows, request, start, shards[6], shards[0]);
        grouped.Add(Pass(rows, request, start, shards[3], shards[5], shards[1]));
        foreach (var shard in new[] { shards[4], shards[2] }) grouped.Add(Pass(rows, request, start, shard));

        KernelRuns.AssertSameBits(expected, grouped);
    }

    [Fact]
    public void Weights_beyond_all_numbers_are_told()
    {
        var rows = RandomExamples.Rows(FloatKernelTests.LayoutOf("dense"), classCount: 3, rowCount: 20, Seed);
        var start = new Parameters(rows.Shape);
        start.Weights[2] = double.PositiveInfinity;

        Assert.True(Pass(rows, Request(rows), start, rows.ToShard()).NonFinite);
    }
}
