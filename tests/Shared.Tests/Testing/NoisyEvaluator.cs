using DistTrain.Learning;
using DistTrain.Numerics;
using DistTrain.Training;

namespace DistTrain.Shared.Tests.Testing;

/// <summary>Answers as float kernels do: gradients off by normal noise of 6e-8 of Σ w|x|/3, losses by 1e-7 of themselves; seeded.</summary>
public sealed class NoisyEvaluator(SlowEvaluator exact, ulong seed)
{
    const double GradientNoise = 6e-8 / 3;
    const double LossNoise = 1e-7;

    CounterRandom _random = new(seed, stream: 77);

    public EvaluationSums Answer(Question question)
    {
        var sums = exact.Answer(question);
        if (question.Request.Kind is not (EvaluationKind.Gradient or EvaluationKind.Batch)) return sums;

        sums.Loss += WideInteger.OfLarge((double)sums.Loss * LossNoise * _random.NextGaussian());
        for (var i = 0; i < sums.Gradient.Length; i++)
        {
            var d = i / sums.Shape.FreeClassCount;
            var (size, scale) = d < sums.Shape.FeatureCount
                ? (exact.Manifest.AbsoluteSums[d], exact.Scales.Features[d])
                : (exact.Manifest.WeightSum, exact.Scales.Intercept);
            sums.Gradient[i] += (long)(GradientNoise * _random.NextGaussian() * size * scale);
        }
        return sums;
    }
}
