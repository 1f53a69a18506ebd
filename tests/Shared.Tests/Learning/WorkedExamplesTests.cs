using DistTrain.Data.Storage;
using DistTrain.Learning;
using DistTrain.Learning.Kernels;
using DistTrain.Numerics;
using DistTrain.Shared.Tests.Testing;

namespace DistTrain.Shared.Tests.Learning;

/// <summary>The examples that the project started from, computed by its own kernels.</summary>
public sealed class WorkedExamplesTests
{
    static readonly FeatureLayout NoFeatures = RandomExamples.Layout();

    [Theory, InlineData(0.7, 0.357), InlineData(0.9, 0.105), InlineData(0.6, 0.511), InlineData(0.8, 0.223)]
    public void The_loss_of_a_row_is_minus_the_logarithm_of_its_class_probability(double probability, double expected)
    {
        Assert.Equal(expected, LossOf([probability, (1 - probability) / 2, (1 - probability) / 2], label: 0), 5e-4);
        Assert.Equal(expected, -PinnedMath.Log(probability), 5e-4);
    }

    /// <summary>Often misprinted as 1.055.</summary>
    [Fact]
    public void Minus_the_logarithm_of_0_3_is_1_204()
    {
        Assert.Equal(1.204, LossOf([0.3, 0.6, 0.1], label: 0), 5e-4);
        Assert.Equal(1.204, -PinnedMath.Log(0.3), 5e-4);
    }

    [Fact]
    public void The_derivative_of_cross_entropy_by_the_logits_is_p_minus_y()
    {
        double[] p = [0.7, 0.2, 0.1];
        for (var label = 0; label < 3; label++)
        {
            var residual = p.Select((probability, k) => probability - (k == label ? 1 : 0));
            foreach (var kind in new[] { EvaluationKind.Gradient, EvaluationKind.Closing })
            {
                var (rows, sums) = Evaluate(kind, p, [label]);
                Assert.Equal(residual, sums.GradientSums(rows.ToScales()), (a, b) => Math.Abs(a - b) < 1e-7);
            }
        }
    }

    [Fact]
    public void The_divergence_is_cross_entropy_minus_entropy_and_zero_when_equal()
    {
        double[] p = [0.7, 0.2, 0.1], q = [0.5, 0.3, 0.2];
        Assert.Equal(p.Zip(q, (a, b) => a * PinnedMath.Log(a / b)).Sum(), CrossEntropy(p, q) - Entropy(p), 1e-14);
        Assert.True(CrossEntropy(p, q) - Entropy(p) > 0.08);
        Assert.Equal(0, CrossEntropy(p, p) - Entropy(p), 1e-15);
    }

    [Fact]
    public void Maximum_likelihood_is_minimum_cross_entropy()
    {
        // Of 10 observations 5, 3 and 2 are of the classes 0, 1 and 2: no distribution makes them likelier than these frequencies.
        int[] labels = [0, 0, 0, 0, 0, 1, 1, 1, 2, 2];
        double[] frequencies = [0.5, 0.3, 0.2];
        var least = CrossEntropyOf(frequencies);
        Assert.Equal(-PinnedMath.Log(Likelihood(frequencies)) / 10, least, 1e-14);
        foreach (var other in new double[][] { [0.51, 0.29, 0.2], [0.4, 0.4, 0.2], [0.5, 0.31, 0.19], [0.98, 0.01, 0.01] })
        {
            Assert.True(CrossEntropyOf(other) > least);
            Assert.True(Likelihood(other) < Likelihood(frequencies));
        }

        double CrossEntropyOf(double[] q)
        {
            var (rows, sums) = Evaluate(EvaluationKind.Closing, q, labels);
            return KernelRuns.Number(sums.Loss, rows) / labels.Length;
        }

        double Likelihood(double[] q) => labels.Aggregate(1.0, (product, label) => product * q[label]);
    }

    [Theory, InlineData(EvaluationKind.Gradient, 1e-6), InlineData(EvaluationKind.Closing, 1e-14)]
    public void Two_classes_agree_with_binary_cross_entropy_on_logits(EvaluationKind kind, double precision)
    {
        var rows = RandomExamples.Rows(RandomExamples.Layout(dense: 3), classCount: 2, rowCount: 100, seed: 91);
        var parameters = RandomExamples.Parameters(rows.Shape, seed: 91, size: 2);
        var sums = KernelRuns.Evaluate(kind, rows, parameters);

        // BCE(z, y) = max(z, 0) − z·y + log(1 + e^−|z|), its derivative by z: sigmoid(z) − y; here z = z₁ − z₀.
        var (loss, gradient) = (0.0, new double[4]);
        for (var row = 0; row < rows.Count; row++)
        {
            var logits = SlowSoftmax.Logits(rows.Features[row], parameters);
            var (z, y) = (logits[1] - logits[0], rows.Labels[row]);
            loss += Math.Max(z, 0) - z * y + Math.Log(1 + Math.Exp(-Math.Abs(z)));
            for (var d = 0; d < 4; d++) gradient[d] += (1 / (1 + Math.Exp(-z)) - y) * (d < 3 ? rows.Features[row][d] : 1);
        }
        Assert.Equal(loss, KernelRuns.Number(sums.Loss, rows), precision * rows.Count);
        var ours = sums.GradientSums(rows.ToScales());
        Assert.All(gradient.Zip([.. ours[3..6], ours[7]]), pair => Assert.Equal(pair.First, pair.Second, precision * rows.Count));
        Assert.Equal(ours[3..6], ours[..3].Select(g => -g));
    }

    /// <summary>H(p, q) = −Σ p log q: rows of weight p_k and class k under a model that answers q.</summary>
    static double CrossEntropy(double[] p, double[] q)
    {
        var logits = q.Select(PinnedMath.Log).ToArray();
        var probabilities = (double[])logits.Clone();
        var logSum = DoubleSoftmax.ToProbabilities(probabilities);
        return p.Zip(logits, (weight, z) => weight * (logSum + logits.Max() - z)).Sum();
    }

    static double Entropy(double[] p) =>
        DoubleSoftmax.Entropy([.. p], 0, Targets.Plain, new CertificateMix([.. p.Select(_ => 0.0)], [.. p.Select(_ => 0.0)]));

    static double LossOf(double[] probabilities, int label)
    {
        var (rows, sums) = Evaluate(EvaluationKind.Gradient, probabilities, [label]);
        return KernelRuns.Number(sums.Loss, rows);
    }

    /// <summary>Rows without features under a model whose intercepts make it answer <paramref name="probabilities"/>.</summary>
    static (ExampleRows Rows, EvaluationSums Sums) Evaluate(EvaluationKind kind, double[] probabilities, int[] labels)
    {
        var rows = new ExampleRows(NoFeatures, probabilities.Length, [.. labels.Select(_ => Array.Empty<float>())], labels);
        var parameters = new Parameters(rows.Shape, [.. probabilities.Select(PinnedMath.Log)]);
        return (rows, KernelRuns.Evaluate(kind, rows, parameters));
    }
}
