using DistTrain.Learning;
using DistTrain.Numerics;
using DistTrain.Shared.Tests.Testing;

namespace DistTrain.Shared.Tests.Learning;

public sealed class ScoringTests
{
    static readonly Scales Scales = new(PlainProblem.ThreeClassToy.Manifest());

    /// <summary>Sums whose row i, column j holds the weight of class i labelled j; a loss of 0.5 per weight.</summary>
    static EvaluationSums Sums(double[,] confusion, long impossible = 0)
    {
        var (observedCount, classCount) = (confusion.GetLength(0), confusion.GetLength(1));
        var weight = confusion.Cast<double>().Sum();
        var sums = new EvaluationSums(new ModelShape(classCount, 1, observedCount - classCount), EvaluationKind.Metrics)
        {
            RowCount = 4,
            ImpossibleRowCount = impossible,
            Weight = FixedPoint.RoundWide(weight, Scales.Scalar),
        };
        for (var i = 0; i < observedCount; i++)
        {
            for (var j = 0; j < classCount; j++)
            {
                sums.Confusion[i * classCount + j] = FixedPoint.RoundWide(confusion[i, j], Scales.Scalar);
                if (i < classCount) sums.Probabilities!.ClassLosses[i] += FixedPoint.RoundWide(confusion[i, j] / 2, Scales.Scalar);
            }
        }
        return sums;
    }

    [Fact]
    public void A_loss_too_large_to_be_added_is_no_loss()
    {
        var sums = Sums(new double[,] { { 4, 1 }, { 1, 3 } });
        sums.NonFinite = true;

        var metrics = Scoring.Of(sums, Scales, [], majorityClass: 0);

        Assert.Null(metrics.LogLoss);
        Assert.Equal(7.0 / 9, metrics.Accuracy, 1e-15);
    }

    [Fact]
    public void Metrics_worked_by_hand()
    {
        // Observed: 6 of class 0, 4 of class 1, none of class 2. Given: 5, 4, 1.
        var metrics = Scoring.Of(Sums(new double[,] { { 4, 1, 1 }, { 1, 3, 0 }, { 0, 0, 0 } }), Scales, [], majorityClass: 1);

        Assert.Equal((4, 10, 0), (metrics.Examples, metrics.WeightSum, metrics.ImpossibleExamples));
        Assert.Equal(0.5, metrics.LogLoss);
        Assert.Equal(0.7, metrics.Accuracy);
        Assert.Equal(0.4, metrics.MajorityAccuracy);
        Assert.Equal(3, metrics.Confusion[1, 1]);
        Assert.Equal(new ClassMetrics(4 / 5.0, 4 / 6.0, 8 / 11.0, 6) { LogLoss = 0.5 }, metrics.PerClass[0]);
        Assert.Equal(new ClassMetrics(3 / 4.0, 3 / 4.0, 6 / 8.0, 4) { LogLoss = 0.5 }, metrics.PerClass[1]);
        Assert.Equal(new ClassMetrics(0, 0, 0, 0), metrics.PerClass[2]); // given once, never right
        Assert.Equal((8 / 11.0 + 6 / 8.0 + 0) / 3, metrics.MacroF1, 1e-15);
    }

    [Fact]
    public void A_class_neither_observed_nor_given_is_not_in_the_mean()
    {
        var metrics = Scoring.Of(Sums(new double[,] { { 2, 0, 0 }, { 1, 1, 0 }, { 0, 0, 0 } }), Scales, [], majorityClass: 0);

        Assert.Equal((4 / 5.0 + 2 / 3.0) / 2, metrics.MacroF1, 1e-15);
    }

    [Fact]
    public void Classes_without_training_weight_have_their_place_support_and_share_in_every_mean()
    {
        // The class list is never, a, absent, b: a and b are active. Of never there are 3 rows, 2 of them labelled a and 1 b.
        var metrics = Scoring.Of(
            Sums(new double[,] { { 4, 1 }, { 0, 2 }, { 2, 1 }, { 0, 0 } }, impossible: 3), Scales, [0, 2], majorityClass: 1);

        Assert.Equal(new double[,] { { 0, 2, 0, 1 }, { 0, 4, 0, 1 }, { 0, 0, 0, 0 }, { 0, 0, 0, 2 } }, metrics.Confusion);
        Assert.Equal(
            [
                new(0, 0, 0, 3), new(4 / 6.0, 4 / 5.0, 8 / 11.0, 5) { LogLoss = 0.5 }, new(0, 0, 0, 0),
                new(2 / 4.0, 2 / 2.0, 4 / 6.0, 2) { LogLoss = 0.5 },
            ],
            metrics.PerClass);
        Assert.Equal((6 / 10.0, 2 / 10.0), (metrics.Accuracy, metrics.MajorityAccuracy));
        Assert.Equal((0 + 8 / 11.0 + 4 / 6.0) / 3, metrics.MacroF1, 1e-15);
        Assert.Null(metrics.LogLoss);
    }

    [Fact]
    public void There_is_no_log_loss_where_a_row_is_impossible() =>
        Assert.Null(Scoring.Of(Sums(new double[,] { { 2, 0 }, { 1, 1 } }, impossible: 1), Scales, [], majorityClass: 0).LogLoss);

    [Fact]
    public void Nothing_to_measure_gives_zeros_and_no_log_loss()
    {
        var metrics = Scoring.Of(Sums(new double[2, 2]), Scales, [], majorityClass: 0);

        Assert.Null(metrics.LogLoss);
        Assert.Equal((0, 0, 0), (metrics.Accuracy, metrics.MacroF1, metrics.MajorityAccuracy));
    }

    [Fact]
    public void Probability_metrics_worked_by_hand()
    {
        // Of weight 10, bin 9 (0.6, 0.666…] holds 4 at 0.65, of which 3 are right; bin 14 holds 6 at 0.95, all right.
        var sums = Sums(new double[,] { { 5, 1, 0 }, { 0, 3, 1 }, { 0, 0, 0 } });
        var probabilities = sums.Probabilities!;
        probabilities.TopWeights[0] = Exact(8);
        probabilities.TopWeights[1] = Exact(9);
        (probabilities.BinWeights[9], probabilities.BinConfidences[9], probabilities.BinHits[9]) = (Exact(4), Exact(4 * 0.625), Exact(3));
        (probabilities.BinWeights[14], probabilities.BinConfidences[14], probabilities.BinHits[14]) = (
            Exact(6), Exact(6 * 0.9375), Exact(6));

        var metrics = Scoring.Of(sums, Scales, [], majorityClass: 0);

        Assert.Equal([new(1, 0.8), new(2, 0.9)], metrics.TopAccuracies.AsEnumerable());
        Assert.Equal(0.4 * 0.125 + 0.6 * 0.0625, metrics.ExpectedCalibrationError!.Value, 1e-15);
        Assert.Equal([new(9 / 15.0, 10 / 15.0, 4, 0.625, 0.75), new(14 / 15.0, 1, 6, 0.9375, 1)], metrics.Reliability.AsEnumerable());
        Assert.Equal([0.5, 0.5, null], metrics.PerClass.Select(of => of.LogLoss));
        Assert.Equal(0, metrics.BrierScore);
        Assert.Null(metrics.RocAuc);

        static WideInteger Exact(double weight) => FixedPoint.RoundWide(weight, Scales.Intercept);
    }

    [Fact]
    public void Areas_have_the_places_of_the_class_list_and_a_class_without_training_weight_ranks_by_chance()
    {
        var metrics = Scoring.Of(
            Sums(new double[,] { { 4, 1 }, { 0, 2 }, { 2, 1 }, { 0, 0 } }, impossible: 3), Scales, [0, 2], majorityClass: 1);

        var ranked = Scoring.WithAreas(metrics, [0.9, null], [0, 2]);

        Assert.Equal([0.5, 0.9, null, null], ranked.PerClass.Select(of => of.RocAuc));
        Assert.Equal(0.7, ranked.RocAuc!.Value, 1e-15);
        Assert.Null(Scoring.WithAreas(metrics with { PerClass = metrics.PerClass[1..2] }, [null], []).RocAuc);
        Assert.Null(Scoring.WithAreas(metrics with { PerClass = [metrics.PerClass[0], new(0, 0, 0, 0)] }, [null], [0]).RocAuc);
    }

    [Fact]
    public void The_known_log_loss_leaves_out_rows_of_classes_without_training_weight()
    {
        var some = Scoring.Of(Sums(new double[,] { { 4, 1 }, { 0, 2 }, { 2, 1 } }, impossible: 3), Scales, [2], majorityClass: 1);
        var none = Scoring.Of(Sums(new double[,] { { 0, 0 }, { 0, 0 }, { 2, 1 } }, impossible: 3), Scales, [2], majorityClass: 1);

        Assert.Equal(0.5, some.KnownLogLoss, 1e-15);
        Assert.Equal(double.PositiveInfinity, none.KnownLogLoss);
    }

    [Fact]
    public void Where_a_loss_cannot_be_added_nothing_is_said_about_probabilities()
    {
        var sums = Sums(new double[,] { { 4, 1 }, { 1, 3 } });
        sums.NonFinite = true;

        var metrics = Scoring.Of(sums, Scales, [], majorityClass: 0);

        Assert.Equal((null, null), (metrics.BrierScore, metrics.ExpectedCalibrationError));
        Assert.True(metrics.TopAccuracies.IsEmpty && metrics.Reliability.IsEmpty);
        Assert.All(metrics.PerClass, of => Assert.Null(of.LogLoss));
    }

    [Fact]
    public void The_majority_class_is_the_heaviest_and_the_first_of_equals() =>
        Assert.Equal((1, 0), (Scoring.MajorityClass([1, 3, 3]), Scoring.MajorityClass([2, 2])));
}
