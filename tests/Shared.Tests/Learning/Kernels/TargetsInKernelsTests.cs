using System.Collections.Immutable;
using DistTrain.Learning;
using DistTrain.Learning.Kernels;
using DistTrain.Shared.Tests.Testing;

namespace DistTrain.Shared.Tests.Learning.Kernels;

/// <summary>Class weights and smoothed labels in both kernels.</summary>
public sealed class TargetsInKernelsTests
{
    const ulong Seed = 81;

    public static TheoryData<int, string, double, bool> Cases()
    {
        var data = new TheoryData<int, string, double, bool>();
        foreach (var classes in new[] { 2, 3, 5, 11 })
        {
            foreach (var layout in new[] { "dense", "levels", "bits", "sparse", "mixed", "none" })
            {
                data.Add(classes, layout, 0, true);
                data.Add(classes, layout, 0.3, false);
                data.Add(classes, layout, 0.3, true);
            }
        }
        return data;
    }

    static ImmutableArray<double> WeightsOf(int classes) => [.. Enumerable.Range(0, classes).Select(k => 0.25 + 0.75 * k)];

    static ExampleRows Rows(int classes, string layout, int rowCount, double smoothing, bool isWeighted) =>
        RandomExamples.Rows(FloatKernelTests.LayoutOf(layout), classes, rowCount, Seed, weighted: rowCount % 2 == 1) with
        {
            Targets = new Targets(smoothing, isWeighted ? WeightsOf(classes) : []),
        };

    [Theory, MemberData(nameof(Cases))]
    public void Sums_equal_the_slow_twins(int classes, string layout, double smoothing, bool isWeighted)
    {
        foreach (var rowCount in new[] { 0, 1, 33, 4097 })
        {
            var rows = Rows(classes, layout, rowCount, smoothing, isWeighted);
            var parameters = RandomExamples.Parameters(rows.Shape, Seed);
            TwinComparison.AssertClose(rows, parameters, KernelRuns.Evaluate(EvaluationKind.Gradient, rows, parameters), 3e-7);
            TwinComparison.AssertClose(rows, parameters, KernelRuns.Evaluate(EvaluationKind.Closing, rows, parameters), 1e-13);
            TwinComparison.AssertClose(rows, parameters, KernelRuns.Evaluate(EvaluationKind.Metrics, rows, parameters), 1e-13);
        }
    }

    [Theory, InlineData("dense"), InlineData("bits"), InlineData("sparse")]
    public void The_gradient_is_the_numerical_derivative_of_the_loss(string layout)
    {
        var rows = Rows(3, layout, rowCount: 57, smoothing: 0.3, isWeighted: true);
        var parameters = RandomExamples.Parameters(rows.Shape, Seed);
        var gradient = KernelRuns.Evaluate(EvaluationKind.Closing, rows, parameters).GradientSums(rows.ToScales());

        const double step = 1.0 / 1024;
        for (var i = 0; i < gradient.Length; i++) Assert.Equal((LossAt(i, step) - LossAt(i, -step)) / (2 * step), gradient[i], 1e-4);

        double LossAt(int index, double by)
        {
            var moved = new Parameters(rows.Shape, [.. parameters.Values]);
            moved.Values[index] += by;
            return KernelRuns.Number(KernelRuns.Evaluate(EvaluationKind.Closing, rows, moved).Loss, rows);
        }
    }

    [Theory, InlineData(EvaluationKind.Gradient), InlineData(EvaluationKind.Closing)]
    public void Class_weights_give_the_bits_of_multiplied_example_weights(EvaluationKind kind)
    {
        var rows = Rows(3, "mixed", rowCount: 4999, smoothing: 0.3, isWeighted: true);
        var multiplied = rows with
        {
            Weights = [.. rows.Weights!.Zip(rows.Labels, (w, label) => w * (float)rows.Targets.ClassWeights[label])],
            Targets = rows.Targets with { ClassWeights = [] },
        };
        var parameters = RandomExamples.Parameters(rows.Shape, Seed);

        var weighted = KernelRuns.Evaluate(kind, rows, parameters);
        var expected = KernelRuns.Evaluate(
            new EvaluationRequest(kind), parameters, rows.Layout, rows.ToScales(), multiplied.Targets, multiplied.ToShard());

        Assert.Equal((expected.Loss, expected.Weight), (weighted.Loss, weighted.TrainingWeight));
        Assert.Equal(expected.Gradient, weighted.Gradient);
    }

    [Theory, InlineData(EvaluationKind.Gradient), InlineData(EvaluationKind.Closing), InlineData(EvaluationKind.Metrics)]
    public void Order_and_grouping_of_shards_change_no_bit(EvaluationKind kind)
    {
        var rows = Rows(5, "mixed", rowCount: 5001, smoothing: 0.3, isWeighted: true);
        var parameters = RandomExamples.Parameters(rows.Shape, Seed);
        var shards = rows.ToShards(7);
        var expected = Sums(shards);

        var grouped = Sums([shards[6], shards[0]]);
        grouped.Add(Sums([shards[3], shards[5], shards[1]]));
        grouped.Add(Sums([shards[4], shards[2]]));

        KernelRuns.AssertSameBits(expected, grouped);

        EvaluationSums Sums(ImmutableArray<DistTrain.Data.Storage.Shard> of) =>
            KernelRuns.Evaluate(new EvaluationRequest(kind), parameters, rows.Layout, rows.ToScales(), rows.Targets, of);
    }

    [Theory, InlineData(2), InlineData(3), InlineData(9)]
    public void Logits_of_ten_thousand_give_finite_sums(int classes)
    {
        var rows = Rows(classes, "dense", rowCount: 100, smoothing: 0.3, isWeighted: true);
        var parameters = RandomExamples.Parameters(rows.Shape, Seed, size: 8000);
        TwinComparison.AssertClose(rows, parameters, KernelRuns.Evaluate(EvaluationKind.Gradient, rows, parameters), 3e-7);
        TwinComparison.AssertClose(rows, parameters, KernelRuns.Evaluate(EvaluationKind.Closing, rows, parameters), 1e-13);
    }

    [Fact]
    public void Class_weights_of_very_different_size_keep_the_sums_whole()
    {
        var rows = Rows(3, "mixed", rowCount: 999, smoothing: 0, isWeighted: false) with { Targets = new Targets(0, [1e-9f, 1e9f, 1]) };
        var parameters = RandomExamples.Parameters(rows.Shape, Seed);
        TwinComparison.AssertClose(rows, parameters, KernelRuns.Evaluate(EvaluationKind.Gradient, rows, parameters), 3e-7);
        TwinComparison.AssertClose(rows, parameters, KernelRuns.Evaluate(EvaluationKind.Closing, rows, parameters), 1e-13);
    }

    [Fact]
    public void Natural_probabilities_divide_the_class_weights_out_and_the_label_stays()
    {
        // The weighted model says c·p ∝ (0.6·1, 0.3·4, 0.1·2): it ranks class 1 first, though class 0 is the likeliest.
        var rows = new ExampleRows(RandomExamples.Layout(), 3, [[]], [0]);
        var parameters = new Parameters(rows.Shape, [Math.Log(0.6), Math.Log(1.2), Math.Log(0.2)]);
        var (probabilities, labels) = (new double[3], new int[1]);

        ProbabilityKernel.Compute(
            new EvaluationPoint(parameters, rows.Layout), new Targets(0, [1, 4, 2]), 1, rows.ToShard(), probabilities, labels);

        Assert.Equal([1], labels);
        Assert.Equal([0.6, 0.3, 0.1], probabilities.Select(p => Math.Round(p, 14)));
    }

    [Fact]
    public void Metrics_are_of_natural_probabilities_and_example_weights_unsmoothed()
    {
        var rows = new ExampleRows(RandomExamples.Layout(), 3, [[], []], [0, 1], [3, 1]) { Targets = new Targets(0.3, [1, 4, 2]) };
        var parameters = new Parameters(rows.Shape, [Math.Log(0.6), Math.Log(1.2), Math.Log(0.2)]);

        var sums = KernelRuns.Evaluate(EvaluationKind.Closing, rows, parameters);
        var metrics = Scoring.Of(sums, rows.ToScales(), [], majorityClass: 0);

        Assert.Equal((-3 * Math.Log(0.6) - Math.Log(0.3)) / 4, metrics.LogLoss!.Value, 1e-14);
        Assert.Equal(new double[,] { { 0, 3, 0 }, { 0, 1, 0 }, { 0, 0, 0 } }, metrics.Confusion);
        Assert.Equal(0.25, metrics.Accuracy);
        Assert.Equal(7, KernelRuns.Number(sums.TrainingWeight, rows), 1e-12);
    }
}
