using DistTrain.Learning.Optimizers.Minibatch;

namespace DistTrain.Learning;

/// <summary>A batch's sums as mean loss and mean gradient: divided by the training weight of the batch, so that no number of workers matters.</summary>
/// <param name="Loss">(1/S) Σ wᵢ·loss over the batch, penalties left out.</param>
/// <param name="Gradient">Its gradient, by features; new arrays.</param>
public readonly record struct BatchGradient(double Loss, FeatureGradient Gradient)
{
    /// <param name="sums">Finite, of a batch with training weight above 0.</param>
    public static BatchGradient Of(EvaluationSums sums, Scales scales)
    {
        var weight = EvaluationSums.ToNumber(sums.TrainingWeight, scales);
        var (classCount, featureCount) = (sums.Shape.ClassCount, sums.Shape.FeatureCount);
        var features = new int[featureCount + 1];
        var values = new double[features.Length * classCount];
        for (var d = 0; d <= featureCount; d++)
        {
            features[d] = d;
            var scale = d < featureCount ? scales.Features[d] : scales.Intercept;
            var own = sums.Gradient.AsSpan(d * (classCount - 1), classCount - 1);
            Divide(own, scale, weight, values.AsSpan(d * classCount, classCount));
        }
        return new(EvaluationSums.ToNumber(sums.Loss, scales) / weight, new FeatureGradient(features, values));
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
