using System.Collections.Immutable;
using DistTrain.Learning.Metrics;
using DistTrain.Numerics;

namespace DistTrain.Learning;

/// <summary>Metrics from exact sums; scikit-learn's conventions.</summary>
public static class Scoring
{
    /// <summary>The metrics of the rows that <paramref name="sums"/> were taken over.</summary>
    /// <param name="sums">Complete sums of a closing or metrics pass.</param>
    /// <param name="inactive">
    /// Ascending places in the class list of the classes without training weight; as many as the sums' shape has.
    /// </param>
    /// <param name="majorityClass">The training part's heaviest class, its number among the active ones.</param>
    public static ClassificationMetrics Of(EvaluationSums sums, Scales scales, ImmutableArray<int> inactive, int majorityClass)
    {
        var places = PlacesOf(sums.Shape, inactive);
        var confusion = Confusion(sums, scales, places);
        var perClass = PerClass(confusion);
        var weight = EvaluationSums.ToNumber(sums.Weight, scales);
        var metrics = new ClassificationMetrics
        {
            Examples = sums.RowCount,
            WeightSum = weight,
            LogLoss = null,
            KnownLogLoss = double.PositiveInfinity,
            ImpossibleExamples = sums.ImpossibleRowCount,
            Confusion = confusion,
            Accuracy = Ratio(Enumerable.Range(0, perClass.Length).Sum(k => confusion[k, k]), weight),
            MacroF1 = MacroF1(confusion, perClass),
            MajorityAccuracy = Ratio(perClass[places[majorityClass]].Support, weight),
            PerClass = perClass,
        };
        return weight > 0 && !sums.NonFinite ? WithProbabilities(metrics, sums, scales, places) : metrics;
    }

    /// <summary>The metrics with the areas under the ROC curves.</summary>
    /// <param name="areas">Of the active classes; a class without training weight is a tie of all rows, which is one half.</param>
    public static ClassificationMetrics WithAreas(
        ClassificationMetrics metrics, ImmutableArray<double?> areas, ImmutableArray<int> inactive)
    {
        var (active, occurring) = (0, metrics.PerClass.Count(of => of.Support > 0));
        var perClass = metrics.PerClass.Select((of, place) => of with
        {
            RocAuc = !inactive.Contains(place) ? areas[active++] : of.Support > 0 && occurring > 1 ? 0.5 : null,
        }).ToArray();
        return metrics with { PerClass = perClass, RocAuc = perClass.Average(of => of.RocAuc) };
    }

    /// <summary>The heaviest class; of several, the first.</summary>
    public static int MajorityClass(ReadOnlySpan<double> classWeights)
    {
        var heaviest = 0;
        for (var k = 1; k < classWeights.Length; k++)
        {
            if (classWeights[k] > classWeights[heaviest]) heaviest = k;
        }
        return heaviest;
    }

    /// <summary>For each class as the sums have them (active ones, then inactive ones) its place in the class list.</summary>
    static int[] PlacesOf(ModelShape shape, ImmutableArray<int> inactive) =>
        [.. Enumerable.Range(0, shape.ObservedClassCount).Except(inactive), .. inactive];

    static double[,] Confusion(EvaluationSums sums, Scales scales, int[] places)
    {
        var classCount = sums.Shape.ClassCount;
        var confusion = new double[places.Length, places.Length];
        for (var i = 0; i < places.Length; i++)
        {
            for (var j = 0; j < classCount; j++)
                confusion[places[i], places[j]] = EvaluationSums.ToNumber(sums.Confusion[i * classCount + j], scales);
        }
        return confusion;
    }

    /// <summary>What probabilities add to the metrics of labels; of rows with weight and numbers that could all be added.</summary>
    static ClassificationMetrics WithProbabilities(ClassificationMetrics metrics, EvaluationSums sums, Scales scales, int[] places)
    {
        var probabilities = sums.Probabilities!;
        var weight = metrics.WeightSum;
        var (perClass, losses, gap) = (metrics.PerClass.ToArray(), WideInteger.Zero, WideInteger.Zero);
        var isPossible = sums.ImpossibleRowCount == 0;
        var possibleWeight = isPossible ? weight : places[..sums.Shape.ClassCount].Sum(place => perClass[place].Support);
        for (var k = 0; k < probabilities.ClassLosses.Length; k++)
        {
            var (of, own) = (perClass[places[k]], EvaluationSums.ToNumber(probabilities.ClassLosses[k], scales));
            if (of.Support > 0) perClass[places[k]] = of with { LogLoss = own / of.Support };
            losses += probabilities.ClassLosses[k];
        }
        var loss = EvaluationSums.ToNumber(losses, scales);
        for (var b = 0; b < ProbabilitySums.BinCount; b++) gap += WideInteger.Abs(probabilities.BinHits[b] - probabilities.BinConfidences[b]);
        return metrics with
        {
            PerClass = perClass,
            LogLoss = isPossible ? loss / weight : null,
            KnownLogLoss = possibleWeight > 0 ? loss / possibleWeight : double.PositiveInfinity,
            TopAccuracies =
            [
                .. probabilities.TopCounts.Zip(
                    probabilities.TopWeights, (k, top) => new TopAccuracy(k, EvaluationSums.ToNumber(top, scales) / weight)),
            ],
            BrierScore = EvaluationSums.ToNumber(probabilities.Brier, scales) / weight,
            ExpectedCalibrationError = EvaluationSums.ToNumber(gap, scales) / weight,
            Reliability = Reliability(probabilities, scales),
        };
    }

    static ImmutableArray<ReliabilityBin> Reliability(ProbabilitySums sums, Scales scales) =>
    [
        .. from b in Enumerable.Range(0, ProbabilitySums.BinCount)
           where sums.BinWeights[b] != WideInteger.Zero
           let weight = EvaluationSums.ToNumber(sums.BinWeights[b], scales)
           select new ReliabilityBin(
               (double)b / ProbabilitySums.BinCount, (b + 1.0) / ProbabilitySums.BinCount, weight,
               EvaluationSums.ToNumber(sums.BinConfidences[b], scales) / weight, EvaluationSums.ToNumber(sums.BinHits[b], scales) / weight),
    ];

    static ClassMetrics[] PerClass(double[,] confusion)
    {
        var result = new ClassMetrics[confusion.GetLength(0)];
        for (var k = 0; k < result.Length; k++)
        {
            var (support, given, right) = (Row(confusion, k), Column(confusion, k), confusion[k, k]);
            result[k] = new ClassMetrics(
                Precision: Ratio(right, given), Recall: Ratio(right, support), F1: Ratio(2 * right, support + given), Support: support);
        }
        return result;
    }

    static double MacroF1(double[,] confusion, ClassMetrics[] perClass)
    {
        var occurring = Enumerable.Range(0, perClass.Length).Where(k => perClass[k].Support > 0 || Column(confusion, k) > 0).ToArray();
        return Ratio(occurring.Sum(k => perClass[k].F1), occurring.Length);
    }

    static double Row(double[,] confusion, int i) => Enumerable.Range(0, confusion.GetLength(1)).Sum(j => confusion[i, j]);

    static double Column(double[,] confusion, int j) => Enumerable.Range(0, confusion.GetLength(0)).Sum(i => confusion[i, j]);

    /// <summary>0 where there is nothing to divide by.</summary>
    static double Ratio(double part, double whole) => whole > 0 ? part / whole : 0;
}
