using DistTrain.Data.Storage;
using DistTrain.Learning;
using DistTrain.Learning.Online;
using DistTrain.Numerics;
using DistTrain.Shared.Tests.Testing;

namespace DistTrain.Shared.Tests.Learning.Kernels;

/// <summary>Rows in two bytes give the bits of rows in four that hold the same numbers.</summary>
public sealed class RoundedRowsTests
{
    const ulong Seed = 31;

    public static TheoryData<int, int> Shapes
    {
        get
        {
            var shapes = new TheoryData<int, int>();
            foreach (var classes in new[] { 2, 3, 4, 5, 10 })
            {
                foreach (var features in new[] { 1, 8, 13, 16, 24, 128 }) shapes.Add(classes, features);
            }
            return shapes;
        }
    }

    [Theory, MemberData(nameof(Shapes))]
    public void Every_evaluation_has_the_bits_of_float32_rows_of_the_same_numbers(int classes, int features)
    {
        foreach (var rowCount in new[] { 1, 7, 33, 1000, Shard.BlockRows + 45 })
        {
            var layout = RandomExamples.Layout(features, [(CodeKind.Level, 5)], sparse: features % 2 == 0 ? 0 : 4);
            var rows = Rounded(RandomExamples.Rows(layout, classes, rowCount, Seed, weighted: rowCount % 2 == 0));
            var parameters = RandomExamples.Parameters(rows.Shape, Seed);
            var (whole, halved) = (rows.ToShard(), Halved(rows.ToShard()));
            foreach (var request in Requests(rows))
            {
                var expected = KernelRuns.Evaluate(request, parameters, layout, rows.ToScales(), whole);

                Assert.False(expected.NonFinite);
                KernelRuns.AssertSameBits(expected, KernelRuns.Evaluate(request, parameters, layout, rows.ToScales(), halved));
            }
        }
    }

    [Fact]
    public void Zeros_of_both_signs_subnormal_and_very_large_numbers_have_the_bits_of_float32_rows()
    {
        float[] values = [0f, -0f, 1e-40f, -1e-40f, 1e-38f, 3.3895314e38f, -3.3895314e38f, 1f];
        var layout = RandomExamples.Layout(dense: 1);
        var rows = Rounded(new ExampleRows(layout, 2, [.. values.Select(value => (float[])[value])], [0, 1, 0, 1, 1, 0, 1, 0]));
        var parameters = new Parameters(rows.Shape);

        foreach (var kind in new[] { EvaluationKind.Gradient, EvaluationKind.Closing })
        {
            var expected = KernelRuns.Evaluate(kind, rows, parameters);
            var found = KernelRuns.Evaluate(new EvaluationRequest(kind), parameters, layout, rows.ToScales(), Halved(rows.ToShard()));

            KernelRuns.AssertSameBits(expected, found);
        }
    }

    static IEnumerable<EvaluationRequest> Requests(ExampleRows rows)
    {
        yield return new EvaluationRequest(EvaluationKind.Gradient);
        yield return new EvaluationRequest(EvaluationKind.Closing);
        if (rows.Count < 1000 || rows.Layout.FeatureCount > 20) yield break;
        var statistics = TrainingStatistics.Of(rows.ToManifest(1), rows.Targets);
        yield return new EvaluationRequest(EvaluationKind.Online)
        {
            Online = new OnlinePass(Penalty.Of(statistics, 0.05, 0.01), LearningRate: 0.3, BatchRows: 4),
        };
    }

    /// <summary>The rows with dense numbers that bf16 has.</summary>
    static ExampleRows Rounded(ExampleRows rows) => rows with
    {
        Features = [.. rows.Features.Select(row => (float[])[.. RoundedRow(row[..rows.Layout.DenseCount]), .. row[rows.Layout.DenseCount..]])],
    };

    static float[] RoundedRow(float[] row)
    {
        var padded = new float[(row.Length + 7) / 8 * 8];
        row.CopyTo(padded, 0);
        var halves = new ushort[padded.Length];
        Bfloat16.Round(padded, halves);
        Bfloat16.Widen(halves, padded);
        return padded[..row.Length];
    }

    static Shard Halved(Shard shard)
    {
        var dense = new DenseRows(shard.RowCount, shard.Dense.Stride, DenseFormat.Bf16);
        for (var row = 0; row < shard.RowCount; row++) dense.Write(row, shard.Dense.Row(row));
        Assert.Equal(default, dense.Rounding);
        return new Shard
        {
            Id = shard.Id,
            RowCount = shard.RowCount,
            Dense = dense,
            Codes = shard.Codes,
            Sparse = shard.Sparse,
            Labels = shard.Labels,
            Weights = shard.Weights,
            SourceRows = shard.SourceRows,
        };
    }
}
