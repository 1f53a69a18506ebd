using System.Collections.Immutable;

namespace DistTrain.Learning;

/// <summary>Metrics from exact sums; scikit-learn's conventions.</summary>
public static class Scoring
{
    /// <summary>The metrics of the rows that <paramref name="sums"/> were taken over.</summary>
    /// <param name="sums">Complete sums of a closing or metrics pass.</param>
    /// <param name="inactive">Ascending places in the class list of the classes without training weight; as many as the sums' shape has.</param>
    /// <param name="majorityClass">The training part's heaviest class, its number among the active ones.</param>
    public static ClassificationMetrics Of(EvaluationSums sums, Scales scales, ImmutableArray<int> inactive, int majorityClass)
    {
        var places = PlacesOf(sums.Shape, inactive);
        var confusion = Confusion(sums, scales, places);
        var perClass = PerClass(confusion);
        var weight = EvaluationSums.ToNumber(sums.Weight, scales);
        var loss = EvaluationSums.ToNumber(sums.Loss, scales);
        return new ClassificationMetrics
        {
            Examples = sums.RowCount,
            WeightSum = weight,
            LogLoss = sums.ImpossibleRowCount == 0 && !sums.NonFinite && weight > 0 ? loss / weight : null,
            KnownLogLoss = KnownLogLoss(sums, loss, weight - inactive.Sum(k => perClass[k].Support)),
            ImpossibleExamples = sums.ImpossibleRowCount,
            Confusion = confusion,
            Accuracy = Ratio(Enumerable.Range(0, perClass.Length).Sum(k => confusion[k, k]), weight),
            MacroF1 = MacroF1(confusion, perClass),
            MajorityAccuracy = Ratio(perClass[places[majorityClass]].Support, weight),
            PerClass = perClass,
        };
    }

    static double KnownLogLoss(EvaluationSums sums, double loss, double possibleWeight) =>
        !sums.NonFinite && possibleWeight > 0 ? loss / possibleWeight : double.PositiveInfinity;

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
