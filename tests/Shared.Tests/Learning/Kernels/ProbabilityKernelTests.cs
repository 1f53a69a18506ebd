using DistTrain.Learning;
using DistTrain.Learning.Kernels;
using DistTrain.Shared.Tests.Testing;

namespace DistTrain.Shared.Tests.Learning.Kernels;

public sealed class ProbabilityKernelTests
{
    [Theory, InlineData("dense"), InlineData("bits"), InlineData("sparse"), InlineData("mixed"), InlineData("none")]
    public void Probabilities_are_the_softmax_of_the_logits(string layout)
    {
        var rows = RandomExamples.Rows(FloatKernelTests.LayoutOf(layout), classCount: 5, rowCount: 50, seed: 77);
        var parameters = RandomExamples.Parameters(rows.Shape, seed: 77, size: 3);
        var (probabilities, labels) = (new double[rows.Count * 5], new int[rows.Count]);
        ProbabilityKernel.Compute(new EvaluationPoint(parameters, rows.Layout), Targets.Plain, 1, rows.ToShard(), probabilities, labels);

        for (var row = 0; row < rows.Count; row++)
        {
            var expected = SlowSoftmax.Softmax(SlowSoftmax.Logits(rows.Features[row], parameters));
            Assert.Equal(Array.IndexOf(expected, expected.Max()), labels[row]);
            for (var k = 0; k < 5; k++) Assert.Equal(expected[k], probabilities[row * 5 + k], 1e-14);
            Assert.Equal(1, probabilities.AsSpan(row * 5, 5).ToArray().Sum(), 1e-14);
        }
    }

    [Theory, InlineData(0.01), InlineData(0.4), InlineData(100.0)]
    public void A_temperature_divides_the_logits_and_leaves_the_labels(double inverseTemperature)
    {
        var rows = RandomExamples.Rows(FloatKernelTests.LayoutOf("mixed"), classCount: 4, rowCount: 60, seed: 79);
        var point = new EvaluationPoint(RandomExamples.Parameters(rows.Shape, seed: 79), rows.Layout);
        var (plain, plainLabels) = (new double[rows.Count * 4], new int[rows.Count]);
        ProbabilityKernel.Compute(point, Targets.Plain, 1, rows.ToShard(), plain, plainLabels);
        var (probabilities, labels) = (new double[rows.Count * 4], new int[rows.Count]);
        ProbabilityKernel.Compute(point, Targets.Plain, inverseTemperature, rows.ToShard(), probabilities, labels);

        Assert.Equal(plainLabels, labels);
        for (var row = 0; row < rows.Count; row++)
        {
            // softmax(βz) is p^β, renormalised.
            var powers = plain[(4 * row)..(4 * row + 4)].Select(p => Math.Pow(p, inverseTemperature)).ToArray();
            for (var k = 0; k < 4; k++) Assert.Equal(powers[k] / powers.Sum(), probabilities[4 * row + k], 1e-12);
        }
    }

    [Fact]
    public void Huge_logits_give_certainty_not_nonsense()
    {
        var rows = new ExampleRows(RandomExamples.Layout(dense: 1), 3, [[1f], [-1f]], [0, 0]);
        var parameters = RandomExamples.Parameters(rows.Shape, seed: 78);
        parameters.WeightsOf(0)[0] = 10_000;
        parameters.WeightsOf(2)[0] = -10_000;
        var (probabilities, labels) = (new double[6], new int[2]);
        ProbabilityKernel.Compute(new EvaluationPoint(parameters, rows.Layout), Targets.Plain, 1, rows.ToShard(), probabilities, labels);
        Assert.Equal([1.0, 0, 0, 0, 0, 1], probabilities);
        Assert.Equal([0, 2], labels);
    }
}
