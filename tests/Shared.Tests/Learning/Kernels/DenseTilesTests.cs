using DistTrain.Learning.Kernels;
using DistTrain.Numerics;

namespace DistTrain.Shared.Tests.Learning.Kernels;

public sealed unsafe class DenseTilesTests
{
    [Fact]
    public void A_gradient_in_registers_has_the_bits_of_one_in_memory()
    {
        const int rowCount = DenseTiles.StepRows;
        var random = new CounterRandom(6, 0);
        // Room behind the rows: the kernel asks for the memory of the next step.
        var (values, residuals) = (Numbers(2 * rowCount * DenseTiles.NarrowStride), Numbers(2 * rowCount));
        var gradient = Numbers(2 * DenseTiles.NarrowStride);
        float[] expected = [.. gradient];
        var rows = stackalloc float*[rowCount];

        fixed (float* value = values, residual = residuals, narrow = gradient, wide = expected)
        {
            for (var row = 0; row < rowCount; row++) rows[row] = value + (row * 7 % rowCount) * DenseTiles.NarrowStride;
            DenseTiles.AddNarrowGradientOfTwo(rows, residual, narrow);
            DenseTiles.AddGradientOfTwo(rows, DenseTiles.NarrowStride, residual, wide);
        }

        Assert.Equal(expected.Select(BitConverter.SingleToInt32Bits), gradient.Select(BitConverter.SingleToInt32Bits));

        float[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(_ => (float)(random.NextDouble() - 0.5))];
    }
}
