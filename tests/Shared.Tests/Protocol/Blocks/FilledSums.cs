using DistTrain.Learning;
using DistTrain.Learning.Metrics;
using DistTrain.Numerics;

namespace DistTrain.Shared.Tests.Protocol.Blocks;

/// <summary>Sums with a number of its own in every place, and what makes two of them the same.</summary>
static class FilledSums
{
    public static EvaluationSums Of(ModelShape shape, EvaluationKind kind)
    {
        var next = 1L;
        long Next() => (next++ % 2 == 0 ? -1 : 1) * (next * 1_000_003);
        WideInteger NextWide() => (WideInteger)(((Int128)Next() << 60) + Next());

        var sums = new EvaluationSums(shape, kind)
        {
            Loss = NextWide(),
            Weight = NextWide(),
            TrainingWeight = NextWide(),
            Entropy = NextWide(),
            RowCount = 1234,
            ImpossibleRowCount = 5,
            NonFinite = true,
        };
        for (var i = 0; i < sums.Gradient.Length; i++) sums.Gradient[i] = Next();
        for (var i = 0; i < sums.Moves.Length; i++) sums.Moves[i] = Next();
        for (var i = 0; i < sums.Confusion.Length; i++) sums.Confusion[i] = NextWide();
        if (sums.Touched is { } touched) Touch(touched, [.. Enumerable.Range(0, shape.SparseCount).Where(d => d % 3 == 1).Take(1000)]);
        if (sums.Probabilities is not null || sums.Ranking is not null || sums.Calibration is not null) AddRows(sums);
        return sums;
    }

    /// <summary>Adds sums of each of these features.</summary>
    public static void Touch(TouchedSums touched, params int[] features)
    {
        var sums = touched.Append(features);
        for (var i = 0; i < sums.Length - 8; i++) sums[i] = 17 * i - 5;
    }

    public static void AssertSame(EvaluationSums expected, EvaluationSums actual)
    {
        Assert.Equal(
            (expected.Shape, expected.Kind, expected.RowCount, expected.ImpossibleRowCount, expected.NonFinite),
            (actual.Shape, actual.Kind, actual.RowCount, actual.ImpossibleRowCount, actual.NonFinite));
        Assert.Equal(
            (expected.Loss, expected.Weight, expected.TrainingWeight, expected.Entropy),
            (actual.Loss, actual.Weight, actual.TrainingWeight, actual.Entropy));
        Assert.Equal(expected.Gradient, actual.Gradient);
        Assert.Equal(expected.Moves, actual.Moves);
        Assert.Equal(expected.Confusion, actual.Confusion);
        Assert.Equal(expected.Touched?.Features.ToArray(), actual.Touched?.Features.ToArray());
        Assert.Equal(expected.Touched?.Sums.ToArray(), actual.Touched?.Sums.ToArray());
        Assert.Equal(expected.Ranking?.Weights, actual.Ranking?.Weights);
        Assert.Equal(expected.Calibration?.ToArray(), actual.Calibration?.ToArray());
        AssertSame(expected.Probabilities, actual.Probabilities);
    }

    static void AssertSame(ProbabilitySums? expected, ProbabilitySums? actual)
    {
        Assert.Equal(expected?.Brier, actual?.Brier);
        Assert.Equal(expected?.TopWeights, actual?.TopWeights);
        Assert.Equal(expected?.ClassLosses, actual?.ClassLosses);
        Assert.Equal(expected?.BinWeights, actual?.BinWeights);
        Assert.Equal(expected?.BinConfidences, actual?.BinConfidences);
        Assert.Equal(expected?.BinHits, actual?.BinHits);
    }

    static void AddRows(EvaluationSums sums)
    {
        const double Scale = 1L << 40;
        var random = new CounterRandom(seed: 5, stream: 2);
        var classCount = sums.Shape.ClassCount;
        for (var row = 0; row < 50; row++)
        {
            var values = new double[classCount];
            for (var k = 0; k < classCount; k++) values[k] = random.NextDouble();
            var total = values.Sum();
            var probabilities = values.Select(value => value / total).ToArray();
            var observed = row % classCount;
            sums.Probabilities?.Add(new ScoredRow(probabilities, observed, row % 3, 0.25 + row, 1 + row), Scale);
            sums.Ranking?.Add(probabilities, 0, observed, 1 + row, Scale);
            sums.Calibration?.Add(values, observed, 1.5, 1 + row, Scale);
        }
    }
}
