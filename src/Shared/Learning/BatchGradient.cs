using DistTrain.Learning.Optimizers.Minibatch;

namespace DistTrain.Learning;

/// <summary>
/// A batch's sums as mean loss and mean gradient: divided by the training weight of the batch, so that no number of workers matters.
/// </summary>
/// <param name="Loss">(1/S) Σ vᵢ·loss over the batch, penalties left out.</param>
/// <param name="Gradient">
/// Its gradient, by features: all that are not held sparse, those held sparse that the batch touches, the intercepts.
/// </param>
public readonly record struct BatchGradient(double Loss, FeatureGradient Gradient)
{
    /// <param name="sums">Finite, of a batch with training weight above 0.</param>
    public static BatchGradient Of(EvaluationSums sums, Scales scales)
    {
        var weight = EvaluationSums.ToNumber(sums.TrainingWeight, scales);
        var features = FeaturesOf(sums);
        var values = new double[features.Length * sums.Shape.ClassCount];
        for (var i = 0; i < features.Length; i++)
        {
            var scale = features[i] < sums.Shape.FeatureCount ? scales.Features[features[i]] : scales.Intercept;
            Divide(SumsAt(sums, i, features.Length), scale, weight, values.AsSpan(i * sums.Shape.ClassCount, sums.Shape.ClassCount));
        }
        return new(EvaluationSums.ToNumber(sums.Loss, scales) / weight, new FeatureGradient(features, values));
    }

    /// <summary>The features that have sums, ascending, the intercepts last.</summary>
    static int[] FeaturesOf(EvaluationSums sums)
    {
        var shape = sums.Shape;
        if (sums.Touched is null) return [.. Enumerable.Range(0, shape.FeatureCount + 1)];

        var touched = sums.Touched.Features;
        var features = new int[shape.SparseFirst + touched.Length + 1];
        for (var d = 0; d < shape.SparseFirst; d++) features[d] = d;
        for (var i = 0; i < touched.Length; i++) features[shape.SparseFirst + i] = shape.SparseFirst + touched[i];
        features[^1] = shape.FeatureCount;
        return features;
    }

    /// <summary>The sums of the feature at a place of <see cref="FeaturesOf"/>.</summary>
    static ReadOnlySpan<long> SumsAt(EvaluationSums sums, int place, int count)
    {
        var (classCount, first) = (sums.Shape.FreeClassCount, sums.Shape.SparseFirst);
        if (place == count - 1) return sums.Gradient.AsSpan(^classCount..);
        return sums.Touched is null || place < first
            ? sums.Gradient.AsSpan(place * classCount, classCount)
            : sums.Touched.Sums.Slice((place - first) * classCount, classCount);
    }

    /// <summary>Sums of the free classes to means of all: class 0's is minus the sum of the others, taken on the integers.</summary>
    static void Divide(ReadOnlySpan<long> sums, double scale, double weight, Span<double> means)
    {
        var others = 0L;
        for (var k = 1; k < means.Length; k++)
        {
            others += sums[k - 1];
            means[k] = sums[k - 1] / scale / weight;
        }
        means[0] = -others / scale / weight;
    }
}
