using DistTrain.Data.Storage;
using DistTrain.Learning;
using DistTrain.Learning.Kernels;
using DistTrain.Numerics;
using DistTrain.Shared.Tests.Testing;

namespace DistTrain.Shared.Tests.Learning.Kernels;

public sealed class DoubleKernelTests
{
    const ulong Seed = 72;

    static readonly int[] RowCounts = [0, 1, 33, 4096, 4097];

    [Theory, MemberData(nameof(FloatKernelTests.ClassesAndLayouts), MemberType = typeof(FloatKernelTests))]
    public void Closing_sums_equal_the_slow_twins_to_the_last_digits(int classes, string layout)
    {
        foreach (var rowCount in classes < 6 ? RowCounts : [0, 33])
        {
            var rows = RandomExamples.Rows(FloatKernelTests.LayoutOf(layout), classes, rowCount, Seed, weighted: rowCount % 2 == 1);
            var parameters = RandomExamples.Parameters(rows.Shape, Seed);
            TwinComparison.AssertClose(rows, parameters, KernelRuns.Evaluate(EvaluationKind.Closing, rows, parameters), 1e-14);
        }
    }

    [Theory, InlineData(EvaluationKind.Closing), InlineData(EvaluationKind.Metrics)]
    public void Confusion_counts_the_weight_of_each_observed_and_given_class(EvaluationKind kind)
    {
        var rows = RandomExamples.Rows(FloatKernelTests.LayoutOf("mixed"), classCount: 4, rowCount: 5000, Seed, weighted: true);
        var parameters = RandomExamples.Parameters(rows.Shape, Seed);
        var sums = KernelRuns.Evaluate(kind, rows, parameters);
        var twin = new SlowSoftmax(rows, parameters);
        for (var i = 0; i < 4; i++)
        {
            for (var j = 0; j < 4; j++) Assert.Equal(twin.Confusion[i, j], KernelRuns.Number(sums.Confusion[i * 4 + j], rows), 1e-9);
        }
    }

    [Fact]
    public void Metrics_have_a_loss_and_no_gradient()
    {
        var rows = RandomExamples.Rows(FloatKernelTests.LayoutOf("mixed"), classCount: 3, rowCount: 100, Seed);
        var parameters = RandomExamples.Parameters(rows.Shape, Seed);
        var sums = KernelRuns.Evaluate(EvaluationKind.Metrics, rows, parameters);
        TwinComparison.AssertClose(rows, parameters, sums, 1e-14);
        Assert.Empty(sums.Gradient);
    }

    [Fact]
    public void Of_equal_logits_the_lower_class_is_the_label()
    {
        var rows = RandomExamples.Rows(FloatKernelTests.LayoutOf("dense"), classCount: 3, rowCount: 10, Seed);
        var sums = KernelRuns.Evaluate(EvaluationKind.Metrics, rows, new Parameters(rows.Shape));
        var given = Enumerable.Range(0, 3).Select(j => Enumerable.Range(0, 3).Sum(i => KernelRuns.Number(sums.Confusion[i * 3 + j], rows)));
        Assert.Equal([10.0, 0, 0], given);
    }

    [Theory]
    [InlineData(0.0, 0.0, 0.0)]
    [InlineData(0.25, 0.0, 0.0)]
    [InlineData(0.9, 0.25, 0.0)]
    [InlineData(0.25, 0.5, 0.2)]
    [InlineData(0.25, 1.0, 0.0)]
    public void Entropy_is_that_of_the_mixture(double given, double observed, double smoothing)
    {
        var rows = RandomExamples.Rows(FloatKernelTests.LayoutOf("mixed"), classCount: 3, rowCount: 4500, Seed, weighted: true);
        var parameters = RandomExamples.Parameters(rows.Shape, Seed, size: 2);
        var mix = new CertificateMix([given, 0, 0], [0, 0.25, 0.75], observed);
        var sums = KernelRuns.Evaluate(
            new EvaluationRequest(EvaluationKind.Entropy, Mix: mix), parameters, rows.Layout, rows.ToScales(), new Targets(smoothing, []), rows.ToShard());

        var expected = Enumerable.Range(0, rows.Count).Sum(row => rows.WeightOf(row) * EntropyOf(rows.Features[row], rows.Labels[row]));
        Assert.Equal(expected, KernelRuns.Number(sums.Entropy, rows), 1e-11 * sums.RowCount);

        double EntropyOf(float[] x, int label)
        {
            var p = SlowSoftmax.Softmax(SlowSoftmax.Logits(x, parameters));
            double[] moved = [(1 - given) * p[0], p[1] + 0.25 * given * p[0], p[2] + 0.75 * given * p[0]];
            var mixed = moved.Select((a, k) => (1 - observed) * a + observed * ((k == label ? 1 - smoothing : 0) + smoothing / 3));
            return mixed.Sum(a => a == 0 ? 0 : -a * Math.Log(a));
        }
    }

    [Theory, MemberData(nameof(FloatKernelTests.ClassesAndLayouts), MemberType = typeof(FloatKernelTests))]
    public void Entropies_after_a_closing_pass_have_the_bits_of_those_computed_anew(int classes, string layout)
    {
        var rows = RandomExamples.Rows(FloatKernelTests.LayoutOf(layout), classes, rowCount: 4500, Seed, weighted: true);
        AssertSameEntropies(rows, rows.Targets);
    }

    [Fact]
    public void Of_rows_whose_class_takes_no_part_and_of_weighted_classes_entropies_after_closing_are_the_same_too()
    {
        var rows = WithInactiveClasses();
        AssertSameEntropies(rows, rows.Targets);
        AssertSameEntropies(rows, new Targets(0.1, [0.5, 1, 0.25]));
    }

    [Fact]
    public void Of_shards_of_one_number_each_has_its_own_entropies()
    {
        var (one, other) = (
            RandomExamples.Rows(FloatKernelTests.LayoutOf("mixed"), classCount: 3, rowCount: 50, Seed),
            RandomExamples.Rows(FloatKernelTests.LayoutOf("mixed"), classCount: 3, rowCount: 50, Seed + 1));
        var point = new EvaluationPoint(RandomExamples.Parameters(one.Shape, Seed), one.Layout);
        Evaluate(new EvaluationRequest(EvaluationKind.Closing), point, one, one.Targets, one.ToShard());
        var request = new EvaluationRequest(EvaluationKind.Entropy, Mix: MixOf(3));
        KernelRuns.AssertSameBits(
            KernelRuns.Evaluate(request, point.Parameters, other.Layout, one.ToScales(), other.ToShard()),
            Evaluate(request, point, one, one.Targets, other.ToShard()));
    }

    [Fact]
    public void Where_there_is_no_room_nothing_is_kept()
    {
        var rows = RandomExamples.Rows(FloatKernelTests.LayoutOf("mixed"), classCount: 3, rowCount: 1000, Seed);
        var (point, shard) = (new EvaluationPoint(RandomExamples.Parameters(rows.Shape, Seed), rows.Layout), rows.ToShard());
        var fitting = (int)(EvaluationPoint.ClosedBytesMax / ClosedRows.BytesOf(shard.RowCount, 3));
        for (var i = 0; i < fitting; i++) Assert.NotNull(point.RoomFor(shard));
        Assert.Null(point.RoomFor(shard));
        Evaluate(new EvaluationRequest(EvaluationKind.Closing), point, rows, rows.Targets, shard);
        Assert.Null(point.ClosedRowsOf(shard));
    }

    static void AssertSameEntropies(ExampleRows rows, Targets targets)
    {
        var (point, shard) = (new EvaluationPoint(RandomExamples.Parameters(rows.Shape, Seed), rows.Layout), rows.ToShard());
        var request = new EvaluationRequest(EvaluationKind.Entropy, Mix: MixOf(rows.Shape.ClassCount));
        var anew = Evaluate(request, point, rows, targets, shard);
        Evaluate(new EvaluationRequest(EvaluationKind.Closing), point, rows, targets, shard);
        Assert.NotNull(point.ClosedRowsOf(shard));
        KernelRuns.AssertSameBits(anew, Evaluate(request, point, rows, targets, shard));
    }

    static EvaluationSums Evaluate(EvaluationRequest request, EvaluationPoint point, ExampleRows rows, Targets targets, Shard shard)
    {
        var sums = new EvaluationSums(rows.Shape, request.Kind);
        new ShardEvaluator(rows.Shape, rows.Layout, rows.ToScales(), targets).Evaluate(request, point, shard, sums);
        return sums;
    }

    /// <summary>Half of what the first class is given goes to the others, and a tenth to the observed one.</summary>
    static CertificateMix MixOf(int classes) => new(
        [0.5, .. new double[classes - 1]], [0, .. Enumerable.Repeat(1.0 / (classes - 1), classes - 1)], 0.1);

    [Fact]
    public void A_row_whose_class_takes_no_part_counts_as_impossible_and_has_no_loss()
    {
        var rows = WithInactiveClasses();
        var parameters = RandomExamples.Parameters(rows.Shape, Seed);
        foreach (var kind in new[] { EvaluationKind.Metrics, EvaluationKind.Closing })
            TwinComparison.AssertClose(rows, parameters, KernelRuns.Evaluate(kind, rows, parameters), 1e-14);
        TwinComparison.AssertClose(rows, parameters, KernelRuns.Evaluate(EvaluationKind.Gradient, rows, parameters), 3e-7);
    }

    [Theory, InlineData(EvaluationKind.Closing), InlineData(EvaluationKind.Metrics)]
    public void Labels_given_to_rows_whose_class_takes_no_part_are_counted_in_rows_of_their_own(EvaluationKind kind)
    {
        var rows = WithInactiveClasses();
        var parameters = RandomExamples.Parameters(rows.Shape, Seed);
        var sums = KernelRuns.Evaluate(kind, rows, parameters);
        var twin = new SlowSoftmax(rows, parameters);

        Assert.Equal(5 * 3, sums.Confusion.Length);
        for (var i = 0; i < 5; i++)
        {
            for (var j = 0; j < 3; j++) Assert.Equal(twin.Confusion[i, j], KernelRuns.Number(sums.Confusion[i * 3 + j], rows), 1e-9);
            Assert.True(Enumerable.Range(0, 3).Sum(j => twin.Confusion[i, j]) > 0, $"class {i} does not occur (seed {Seed})");
        }
        Assert.Equal(sums.Weight, sums.Confusion.Aggregate(WideInteger.Zero, (sum, weight) => sum + weight));
    }

    [Fact]
    public void Rows_whose_class_takes_no_part_leave_gradient_and_entropy_alone()
    {
        var rows = WithInactiveClasses();
        var parameters = RandomExamples.Parameters(rows.Shape, Seed);
        var active = Enumerable.Range(0, rows.Count).Where(row => rows.Labels[row] >= 0).ToArray();
        var others = rows with
        {
            Features = [.. active.Select(row => rows.Features[row])],
            Labels = [.. active.Select(row => rows.Labels[row])],
            Weights = [.. active.Select(row => rows.WeightOf(row))],
        };
        var entropy = new EvaluationRequest(EvaluationKind.Entropy, Mix: new CertificateMix([0.25, 0, 0], [0, 0.25, 0.75]));
        var closing = new EvaluationRequest(EvaluationKind.Closing);

        Assert.Equal(KernelRuns.Number(Sums(entropy, others).Entropy, rows), KernelRuns.Number(Sums(entropy, rows).Entropy, rows), 1e-9);
        var (expected, found) = (Sums(closing, others).GradientSums(rows.ToScales()), Sums(closing, rows).GradientSums(rows.ToScales()));
        Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First, pair.Second, 1e-9));

        EvaluationSums Sums(EvaluationRequest request, ExampleRows of) =>
            KernelRuns.Evaluate(request, parameters, rows.Layout, rows.ToScales(), of.ToShard());
    }

    /// <summary>200 weighted rows of classes 0 … 2 and of two that take no part.</summary>
    static ExampleRows WithInactiveClasses()
    {
        var rows = RandomExamples.Rows(FloatKernelTests.LayoutOf("mixed"), classCount: 3, rowCount: 200, Seed, weighted: true);
        for (var row = 0; row < rows.Count; row += 5) rows.Labels[row] = row % 2 == 0 ? -1 : -2;
        return rows with { InactiveClassCount = 2 };
    }

    [Fact]
    public void Logits_beyond_all_numbers_are_told()
    {
        var rows = RandomExamples.Rows(FloatKernelTests.LayoutOf("dense"), classCount: 3, rowCount: 20, Seed);
        var parameters = new Parameters(rows.Shape);
        parameters.Weights[2] = double.PositiveInfinity;
        var sums = KernelRuns.Evaluate(EvaluationKind.Closing, rows, parameters);
        Assert.True(sums.NonFinite);
        Assert.All(sums.Gradient, sum => Assert.Equal(0, sum));
    }

    [Fact]
    public void Float_and_double_gradients_agree_to_float_precision()
    {
        var rows = RandomExamples.Rows(FloatKernelTests.LayoutOf("mixed"), classCount: 5, rowCount: 6000, Seed);
        var parameters = RandomExamples.Parameters(rows.Shape, Seed);
        var single = KernelRuns.Evaluate(EvaluationKind.Gradient, rows, parameters).GradientSums(rows.ToScales());
        var twice = KernelRuns.Evaluate(EvaluationKind.Closing, rows, parameters).GradientSums(rows.ToScales());
        var norm = Math.Sqrt(twice.Sum(g => g * g));
        Assert.True(Math.Sqrt(single.Zip(twice, (a, b) => (a - b) * (a - b)).Sum()) < 1e-6 * norm);
    }
}
