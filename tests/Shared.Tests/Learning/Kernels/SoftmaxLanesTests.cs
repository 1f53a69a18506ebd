using System.Runtime.Intrinsics;
using DistTrain.Learning.Kernels;
using DistTrain.Numerics;

namespace DistTrain.Shared.Tests.Learning.Kernels;

public sealed unsafe class SoftmaxLanesTests
{
    const int RowCount = BlockRows.StepRows;

    [Theory]
    [InlineData(0f)]
    [InlineData(1f)]
    [InlineData(300f)]
    [InlineData(1e38f)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NaN)]
    public void Two_free_classes_in_registers_give_the_bits_of_any_number_of_classes(float size)
    {
        var random = new CounterRandom(5, 0);
        float[] logits = [.. Enumerable.Range(0, 2 * RowCount).Select(_ => (float)(random.NextDouble() - 0.5) * size)];
        float[] same = [.. logits];
        float[] intercepts = [0.25f, -1.5f];
        var (sums, sameSums) = (new float[16], new float[16]);
        var labels = Vector256.Create(0, 1, 2, 0, 1, 2, -1, 1);
        var weights = Vector256.Create(1f, 1f, 1f, 0.5f, 2f, 0f, 0f, 0f);

        fixed (float* one = logits, other = same, intercept = intercepts, oneSums = sums, otherSums = sameSums)
        {
            for (var quarter = 0; quarter < RowCount; quarter += 8)
            {
                var losses = SoftmaxLanes.ToResidualsOfTwo(one + quarter, intercept, labels, weights, oneSums);
                var expected = SoftmaxLanes.ToResidualsOfAny(other + quarter, 2, intercept, labels, weights, otherSums);
                Assert.Equal(expected.AsInt32(), losses.AsInt32());
            }
        }

        Assert.Equal(Bits(same), Bits(logits));
        Assert.Equal(Bits(sameSums), Bits(sums));
    }

    static int[] Bits(float[] numbers) => [.. numbers.Select(BitConverter.SingleToInt32Bits)];
}
