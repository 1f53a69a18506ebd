using DistTrain.Data.Storage;
using DistTrain.Learning;
using DistTrain.Learning.Kernels;
using DistTrain.Learning.Metrics;
using DistTrain.Numerics;

namespace DistTrain.Shared.Tests.Testing;

/// <summary>One evaluation of shards by a fresh evaluator, and comparisons of what comes out.</summary>
static class KernelRuns
{
    /// <summary>The exact sums over <paramref name="shards"/>, taken in the order given.</summary>
    public static EvaluationSums Evaluate(
        EvaluationRequest request, Parameters parameters, FeatureLayout layout, Scales scales, params IEnumerable<Shard> shards) =>
        Evaluate(request, parameters, layout, scales, Targets.Plain, shards);

    /// <summary>The same under the targets that the scales were made for.</summary>
    public static EvaluationSums Evaluate(
        EvaluationRequest request, Parameters parameters, FeatureLayout layout, Scales scales, Targets targets, params IEnumerable<Shard> shards)
    {
        var evaluator = new ShardEvaluator(parameters.Shape, layout, scales, targets);
        var point = new EvaluationPoint(parameters, layout);
        var sums = new EvaluationSums(parameters.Shape, request.Kind);
        foreach (var shard in shards) evaluator.Evaluate(request, point, shard, sums);
        return sums;
    }

    /// <summary>All rows as one shard, at the rows' own scales and targets.</summary>
    public static EvaluationSums Evaluate(EvaluationKind kind, ExampleRows rows, Parameters parameters) =>
        Evaluate(new EvaluationRequest(kind), parameters, rows.Layout, rows.ToScales(), rows.Targets, rows.ToShard());

    public static double Number(WideInteger sum, ExampleRows rows) => EvaluationSums.ToNumber(sum, rows.ToScales());

    /// <summary>Asserts that every bit of two sums is equal.</summary>
    public static void AssertSameBits(EvaluationSums expected, EvaluationSums actual)
    {
        Assert.Equal(expected.Loss, actual.Loss);
        Assert.Equal(expected.Weight, actual.Weight);
        Assert.Equal(expected.TrainingWeight, actual.TrainingWeight);
        Assert.Equal(expected.Entropy, actual.Entropy);
        Assert.Equal(expected.RowCount, actual.RowCount);
        Assert.Equal(expected.ImpossibleRowCount, actual.ImpossibleRowCount);
        Assert.Equal(expected.NonFinite, actual.NonFinite);
        Assert.Equal(expected.Gradient, actual.Gradient);
        Assert.Equal(expected.Moves, actual.Moves);
        Assert.Equal(expected.Confusion, actual.Confusion);
        AssertSameBits(expected.Probabilities, actual.Probabilities);
        AssertSameBits(expected.Ranking, actual.Ranking);
        AssertSameBits(expected.Calibration, actual.Calibration);
    }

    static void AssertSameBits(ProbabilitySums? expected, ProbabilitySums? actual)
    {
        Assert.Equal(expected?.TopWeights, actual?.TopWeights);
        Assert.Equal(expected?.ClassLosses, actual?.ClassLosses);
        Assert.Equal(expected?.Brier, actual?.Brier);
        Assert.Equal(expected?.BinWeights, actual?.BinWeights);
        Assert.Equal(expected?.BinConfidences, actual?.BinConfidences);
        Assert.Equal(expected?.BinHits, actual?.BinHits);
    }

    static void AssertSameBits(RankingSums? expected, RankingSums? actual)
    {
        Assert.Equal(expected?.GroupCount, actual?.GroupCount);
        for (var i = 0; i < expected?.GroupCount; i++)
        {
            Assert.True(expected.Own(i).SequenceEqual(actual!.Own(i)), $"class {i} of the group");
            Assert.True(expected.Others(i).SequenceEqual(actual.Others(i)), $"others than class {i} of the group");
        }
    }

    static void AssertSameBits(CalibrationSums? expected, CalibrationSums? actual)
    {
        Assert.Equal(expected?.Weight, actual?.Weight);
        Assert.Equal(expected?.Loss, actual?.Loss);
        Assert.Equal(expected?.Slope, actual?.Slope);
        Assert.Equal(expected?.Curvature, actual?.Curvature);
    }
}
