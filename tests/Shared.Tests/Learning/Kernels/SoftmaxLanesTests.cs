using DistTrain.Learning.Kernels;
using DistTrain.Numerics;

namespace DistTrain.Shared.Tests.Learning.Kernels;

public sealed unsafe class SoftmaxLanesTests
{
    const int RowCount = BlockRows.StepRows;
    const float Precision = 3e-7f;

    readonly CounterRandom _random = new(5, 0);

    public static TheoryData<int, float> ClassesAndSizes()
    {
        var data = new TheoryData<int, float>();
        foreach (var classes in new[] { 2, 3, 4, 10, 33 })
        {
            foreach (var size in new[] { 0f, 1f, 30f, 300f, 1e6f }) data.Add(classes, size);
        }
        return data;
    }

    [Theory, MemberData(nameof(ClassesAndSizes))]
    public void Residuals_and_losses_are_those_of_the_slow_softmax(int classes, float size)
    {
        foreach (var weights in new[] { Ones, Mixed })
        {
            var step = new Step(classes, Numbers((classes - 1) * RowCount, size), Numbers(classes - 1, 1), Labels(classes), weights);
            var (residuals, interceptSums, losses) = weights == Ones ? step.Run<AllOnes>() : step.Run<AnyWeights>();
            AssertSlow(step, residuals, interceptSums, losses, size);
        }
    }

    [Theory, MemberData(nameof(ClassesAndSizes))]
    public void Rows_of_weight_1_have_the_residuals_that_they_have_among_others(int classes, float size)
    {
        var step = new Step(classes, Numbers((classes - 1) * RowCount, size), Numbers(classes - 1, 1), Labels(classes), Ones);
        var (known, other) = (step.Run<AllOnes>(), step.Run<AnyWeights>());

        Assert.Equal(Bits(other.Residuals), Bits(known.Residuals));
        Assert.Equal(Bits(other.InterceptSums), Bits(known.InterceptSums));
    }

    [Theory]
    [InlineData(2), InlineData(3), InlineData(5)]
    public void Equal_logits_give_equal_residuals(int classes)
    {
        foreach (var logit in new[] { 0f, -0f, 5f, -5f, 1e30f })
        {
            float[] logits = [.. Enumerable.Repeat(logit, (classes - 1) * RowCount)];
            var step = new Step(classes, logits, new float[classes - 1], new int[RowCount], Ones);
            var residuals = step.Run<AllOnes>().Residuals;
            Assert.All(residuals, residual => Assert.Equal(residuals[0], residual));
            AssertSlow(step, residuals, step.Run<AllOnes>().InterceptSums, step.Run<AllOnes>().Losses, logit);
        }
    }

    [Theory]
    [InlineData(2, float.NaN), InlineData(3, float.NaN), InlineData(4, float.NaN)]
    [InlineData(2, float.PositiveInfinity), InlineData(3, float.PositiveInfinity), InlineData(4, float.PositiveInfinity)]
    public void A_row_of_weight_0_gives_0_and_others_no_finite_loss(int classes, float logit)
    {
        for (var c = 0; c < classes - 1; c++)
        {
            foreach (var label in Enumerable.Range(0, classes))
            {
                var logits = Numbers((classes - 1) * RowCount, 1);
                logits[c * RowCount + 9] = logit;
                int[] labels = [.. Enumerable.Repeat(label, RowCount)];
                float[] weights = [.. Enumerable.Range(0, RowCount).Select(slot => slot == 9 ? 0f : 1f)];

                var without = new Step(classes, logits, new float[classes - 1], labels, weights).Run<AnyWeights>();
                Assert.All(without.Losses, loss => Assert.True(float.IsFinite(loss)));
                Assert.All(without.Residuals, residual => Assert.True(float.IsFinite(residual)));
                for (var k = 0; k < classes - 1; k++) Assert.Equal(0f, without.Residuals[k * RowCount + 9]);

                var step = new Step(classes, logits, new float[classes - 1], labels, Ones);
                Assert.False(float.IsFinite(step.Run<AllOnes>().Losses[1]));
                Assert.False(float.IsFinite(step.Run<AnyWeights>().Losses[1]));
            }
        }
    }

    static float[] Ones { get; } = [.. Enumerable.Repeat(1f, RowCount)];

    static float[] Mixed { get; } = [.. Enumerable.Range(0, RowCount).Select(slot => slot % 5 * 0.5f)];

    float[] Numbers(int count, float size) => [.. Enumerable.Range(0, count).Select(_ => (float)(_random.NextDouble() - 0.5) * size)];

    int[] Labels(int classes) => [.. Enumerable.Range(0, RowCount).Select(_ => _random.NextInt32(classes))];

    static void AssertSlow(Step step, float[] residuals, float[] interceptSums, float[] losses, float size)
    {
        var (expectedSums, expectedLosses) = (new double[interceptSums.Length], new double[8]);
        for (var slot = 0; slot < RowCount; slot++)
        {
            double weight = step.Weights[slot];
            double[] z = [0, .. Enumerable.Range(0, step.Classes - 1).Select(c => (double)(step.Logits[c * RowCount + slot] + step.Intercepts[c]))];
            var (max, mass) = (z.Max(), z.Sum(logit => Math.Exp(logit - z.Max())));
            expectedLosses[slot % 8] += weight * (Math.Log(mass) + (max - z[step.Labels[slot]]));
            for (var c = 0; c < step.Classes - 1; c++)
            {
                var expected = weight * (Math.Exp(z[c + 1] - max) / mass - (step.Labels[slot] == c + 1 ? 1 : 0));
                Assert.Equal(expected, residuals[c * RowCount + slot], Precision * Math.Max(1, weight));
                expectedSums[8 * c + slot % 8] += expected;
            }
        }
        for (var i = 0; i < interceptSums.Length; i++) Assert.Equal(expectedSums[i], interceptSums[i], 8 * Precision);
        for (var lane = 0; lane < 8; lane++) Assert.Equal(expectedLosses[lane], losses[lane], 8 * Precision * (1 + Math.Abs((double)size)));
    }

    static int[] Bits(float[] numbers) => [.. numbers.Select(BitConverter.SingleToInt32Bits)];

    sealed record Step(int Classes, float[] Logits, float[] Intercepts, int[] Labels, float[] Weights)
    {
        public (float[] Residuals, float[] InterceptSums, float[] Losses) Run<TWeights>() where TWeights : struct, IRowWeights
        {
            float[] residuals = [.. Logits];
            var (interceptSums, losses) = (new float[8 * Intercepts.Length], new float[8]);
            fixed (float* logits = residuals, intercepts = Intercepts, weights = Weights, sums = interceptSums)
            fixed (int* labels = Labels)
            {
                var lanes = SoftmaxLanes.ToResiduals<TWeights>(logits, Intercepts.Length, intercepts, labels, weights, sums);
                for (var lane = 0; lane < 8; lane++) losses[lane] = lanes[lane];
            }
            return (residuals, interceptSums, losses);
        }
    }
}
