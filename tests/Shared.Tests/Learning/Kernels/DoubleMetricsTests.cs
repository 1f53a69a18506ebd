using DistTrain.Data.Storage;
using DistTrain.Learning;
using DistTrain.Learning.Kernels;
using DistTrain.Learning.Metrics;
using DistTrain.Numerics;
using DistTrain.Shared.Tests.Testing;

namespace DistTrain.Shared.Tests.Learning.Kernels;

public sealed class DoubleMetricsTests
{
    const ulong Seed = 171;

    public static TheoryData<int, string, double> Cases
    {
        get
        {
            var cases = new TheoryData<int, string, double>();
            foreach (var (classes, layout) in new[] { (2, "dense"), (3, "mixed"), (5, "sparse"), (12, "bits"), (1000, "dense") })
            {
                foreach (var inverseTemperature in (double[])[1, 0.6, 3]) cases.Add(classes, layout, inverseTemperature);
            }
            return cases;
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void Probability_sums_are_those_of_the_slow_twins_probabilities(int classes, string layout, double inverseTemperature)
    {
        var (rows, parameters) = Examples(classes, layout);
        var sums = Evaluate(EvaluationKind.Metrics, rows, parameters, inverseTemperature).Probabilities!;
        var expected = new ProbabilitySums(classes);
        foreach (var row in Enumerable.Range(0, rows.Count).Where(row => rows.WeightOf(row) > 0))
        {
            var (logits, p) = Softmax(rows, row, parameters, inverseTemperature);
            var loss = rows.Labels[row] < 0 ? 0 : -Math.Log(p[rows.Labels[row]]);
            expected.Add(
                new ScoredRow(p, rows.Labels[row], ScoredRow.RankOf(rows.Labels[row], logits), loss, rows.WeightOf(row)), Scale(rows));
        }

        Assert.Equal(expected.TopWeights, sums.TopWeights);
        AssertClose(expected.ClassLosses, sums.ClassLosses);
        AssertClose([expected.Brier], [sums.Brier]);
        AssertClose(expected.BinWeights, sums.BinWeights);
        AssertClose(expected.BinConfidences, sums.BinConfidences);
        AssertClose(expected.BinHits, sums.BinHits);

        void AssertClose(WideInteger[] left, WideInteger[] right) => Assert.All(
            left.Zip(right), pair => Assert.Equal(KernelRuns.Number(pair.First, rows), KernelRuns.Number(pair.Second, rows), 1e-9));
    }

    [Theory, InlineData(2, "dense", 1.0), InlineData(3, "mixed", 0.5), InlineData(12, "sparse", 1.0)]
    public void Areas_are_those_of_all_pairs_up_to_the_width_of_bins(int classes, string layout, double inverseTemperature)
    {
        var (rows, parameters) = Examples(classes, layout);
        var ranking = ClassRanking.Of(rows.Shape)!;
        while (!ranking.IsComplete)
        {
            var request = ranking.Request(DatasetPart.Training, inverseTemperature);
            ranking = ranking.Tell(KernelRuns.Evaluate(request, parameters, rows.Layout, rows.ToScales(), rows.ToShards(3)))!;
        }

        Assert.Equal(classes, ranking.Areas.Length);
        var scored = Enumerable.Range(0, rows.Count).Where(row => rows.WeightOf(row) > 0)
            .Select(row => (Softmax(rows, row, parameters, inverseTemperature).Probabilities, Label: rows.Labels[row], Weight: rows.WeightOf(row)))
            .ToArray();
        for (var k = 0; k < classes; k++)
        {
            var (won, all) = (0.0, 0.0);
            foreach (var own in scored.Where(row => row.Label == k))
            {
                foreach (var other in scored.Where(row => row.Label != k))
                {
                    var pair = (double)own.Weight * other.Weight;
                    all += pair;
                    won += pair * (1 + Math.Sign(own.Probabilities[k] - other.Probabilities[k])) / 2;
                }
            }
            Assert.Equal(won / all, ranking.Areas[k]!.Value, 1e-3);
        }
    }

    [Theory, InlineData(2, "dense", 1.0), InlineData(3, "mixed", 0.5), InlineData(12, "sparse", 2.0)]
    public void Calibration_sums_leave_out_rows_whose_class_takes_no_part(int classes, string layout, double inverseTemperature)
    {
        var (rows, parameters) = Examples(classes, layout);
        var sums = Evaluate(EvaluationKind.Calibration, rows, parameters, inverseTemperature).Calibration!;

        var counted = Enumerable.Range(0, rows.Count).Where(row => rows.Labels[row] >= 0 && rows.WeightOf(row) > 0).ToArray();
        Assert.Equal(counted.Sum(row => (double)rows.WeightOf(row)), KernelRuns.Number(sums.Weight, rows), 1e-9);
        var loss = counted.Sum(
            row => -rows.WeightOf(row) * Math.Log(Softmax(rows, row, parameters, inverseTemperature).Probabilities[rows.Labels[row]]));
        Assert.Equal(loss, KernelRuns.Number(sums.Loss, rows), 1e-9);
        var slope = counted.Sum(row =>
        {
            var (logits, p) = Softmax(rows, row, parameters, inverseTemperature);
            return rows.WeightOf(row) * (p.Zip(logits, (q, z) => q * z).Sum() - logits[rows.Labels[row]]);
        });
        Assert.Equal(slope, KernelRuns.Number(sums.Slope, rows), 1e-9);
    }

    [Fact]
    public void The_closing_pass_has_the_probability_sums_of_metrics()
    {
        var (rows, parameters) = Examples(3, "mixed");
        var (closing, metrics) = (
            Evaluate(EvaluationKind.Closing, rows, parameters, 1), Evaluate(EvaluationKind.Metrics, rows, parameters, 1));
        Assert.Equal(metrics.Probabilities!.ClassLosses, closing.Probabilities!.ClassLosses);
        Assert.Equal(metrics.Probabilities.Brier, closing.Probabilities.Brier);
        Assert.Equal(metrics.Confusion, closing.Confusion);
        Assert.Equal(metrics.Loss, metrics.Probabilities.ClassLosses.Aggregate(WideInteger.Zero, (sum, loss) => sum + loss));
    }

    [Fact]
    public void A_temperature_leaves_labels_and_ranks()
    {
        var (rows, parameters) = Examples(5, "mixed");
        var (plain, cold) = (
            Evaluate(EvaluationKind.Metrics, rows, parameters, 1), Evaluate(EvaluationKind.Metrics, rows, parameters, 100));
        Assert.Equal(plain.Confusion, cold.Confusion);
        Assert.Equal(plain.Probabilities!.TopWeights, cold.Probabilities!.TopWeights);
        Assert.NotEqual(plain.Probabilities.Brier, cold.Probabilities.Brier);
    }

    [Fact]
    public void Under_class_weights_temperature_and_ranking_are_those_of_natural_logits()
    {
        var (rows, parameters) = Examples(3, "mixed");
        float[] weights = [0.25f, 1, 8];
        var weighted = rows with { Targets = new Targets(0, [.. weights.Select(c => (double)c)]) };
        var shifted = new Parameters(parameters.Shape, [.. parameters.Values]);
        for (var k = 0; k < 3; k++) shifted.Intercepts[k] -= PinnedMath.Log(weights[k]);

        foreach (var kind in new[] { EvaluationKind.Calibration, EvaluationKind.Ranking, EvaluationKind.Metrics })
        {
            // At the scales of the weighted run, so that the integers can be compared.
            var request = new EvaluationRequest(kind) { InverseTemperature = 0.5 };
            var natural = Sums(weighted.Targets, parameters, request);
            var plain = Sums(Targets.Plain, shifted, request);
            Assert.Equal(Number(plain.Calibration?.Loss), Number(natural.Calibration?.Loss), 1e-9);
            Assert.Equal(Number(plain.Calibration?.Slope), Number(natural.Calibration?.Slope), 1e-9);
            Assert.Equal(Number(plain.Probabilities?.Brier), Number(natural.Probabilities?.Brier), 1e-9);
            for (var k = 0; k < natural.Ranking?.GroupCount; k++)
            {
                Assert.Equal(
                    RocAuc.Of(plain.Ranking!.Own(k), plain.Ranking.Others(k))!.Value, RocAuc.Of(natural.Ranking.Own(k), natural.Ranking.Others(k))!.Value, 1e-4);
            }
        }

        EvaluationSums Sums(Targets targets, Parameters at, EvaluationRequest request)
        {
            var sums = new EvaluationSums(rows.Shape, request.Kind);
            var evaluator = new ShardEvaluator(rows.Shape, rows.Layout, weighted.ToScales(), targets);
            evaluator.Evaluate(request, new EvaluationPoint(at, rows.Layout), rows.ToShard(), sums);
            return sums;
        }

        double Number(WideInteger? sum) => KernelRuns.Number(sum ?? 0, weighted);
    }

    [Theory, InlineData(EvaluationKind.Metrics), InlineData(EvaluationKind.Ranking), InlineData(EvaluationKind.Calibration)]
    public void Logits_beyond_all_numbers_are_told(EvaluationKind kind)
    {
        var (rows, parameters) = Examples(3, "dense");
        parameters.Weights[2] = double.PositiveInfinity;
        Assert.True(Evaluate(kind, rows, parameters, 1).NonFinite);
    }

    [Fact]
    public void Any_grouping_of_shards_gives_the_same_ranking()
    {
        var (rows, parameters) = Examples(3, "mixed");
        var request = new EvaluationRequest(EvaluationKind.Ranking);
        var whole = Sums(rows.ToShards(6));
        foreach (var groups in (int[][])[[1, 5], [4, 2], [2, 2, 2]])
        {
            var total = new EvaluationSums(rows.Shape, EvaluationKind.Ranking);
            var first = 0;
            foreach (var count in groups)
            {
                total.Add(Sums(rows.ToShards(6).Skip(first).Take(count).Reverse()));
                first += count;
            }
            KernelRuns.AssertSameBits(whole, total);
        }

        EvaluationSums Sums(IEnumerable<Shard> shards) =>
            KernelRuns.Evaluate(request, parameters, rows.Layout, rows.ToScales(), shards);
    }

    /// <summary>Weighted rows, some of weight 0, every fifth of one of two classes that take no part.</summary>
    static (ExampleRows Rows, Parameters Parameters) Examples(int classes, string layout)
    {
        var rows = RandomExamples.Rows(FloatKernelTests.LayoutOf(layout), classes, rowCount: 400, Seed, weighted: true);
        for (var row = 0; row < rows.Count; row += 5) rows.Labels[row] = row % 2 == 0 ? -1 : -2;
        rows = rows with { InactiveClassCount = 2 };
        return (rows, RandomExamples.Parameters(rows.Shape, Seed));
    }

    static EvaluationSums Evaluate(EvaluationKind kind, ExampleRows rows, Parameters parameters, double inverseTemperature) =>
        KernelRuns.Evaluate(
            new EvaluationRequest(kind) { InverseTemperature = inverseTemperature }, parameters, rows.Layout, rows.ToScales(), rows.ToShards(3));

    static (double[] Logits, double[] Probabilities) Softmax(ExampleRows rows, int row, Parameters parameters, double inverseTemperature)
    {
        var logits = SlowSoftmax.Logits(rows.Features[row], parameters);
        return (logits, SlowSoftmax.Softmax([.. logits.Select(z => z * inverseTemperature)]));
    }

    static double Scale(ExampleRows rows) => rows.ToScales().Intercept;
}
