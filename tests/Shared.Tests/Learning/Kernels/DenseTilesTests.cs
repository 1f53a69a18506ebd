using DistTrain.Learning.Kernels;
using DistTrain.Numerics;

namespace DistTrain.Shared.Tests.Learning.Kernels;

public sealed unsafe class DenseTilesTests
{
    [Fact]
    public void A_gradient_in_registers_has_the_bits_of_one_in_memory()
    {
        const int rowCount = BlockRows.StepRows;
        var random = new CounterRandom(6, 0);
        // Room behind the rows: the kernel asks for the memory of the next step.
        var (values, residuals) = (Numbers(2 * rowCount * DenseTiles<Float32Values>.NarrowStride), Numbers(2 * rowCount));
        var gradient = Numbers(2 * DenseTiles<Float32Values>.NarrowStride);
        float[] expected = [.. gradient];
        var rows = stackalloc byte*[rowCount];

        fixed (float* value = values, residual = residuals, narrow = gradient, wide = expected)
        {
            for (var row = 0; row < rowCount; row++) rows[row] = (byte*)(value + (row * 7 % rowCount) * DenseTiles<Float32Values>.NarrowStride);
            DenseTiles<Float32Values>.AddNarrowGradientOfTwo(rows, residual, narrow);
            DenseTiles<Float32Values>.AddGradientOfTwo(rows, DenseTiles<Float32Values>.NarrowStride, residual, wide);
        }

        Assert.Equal(expected.Select(BitConverter.SingleToInt32Bits), gradient.Select(BitConverter.SingleToInt32Bits));

        float[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(_ => (float)(random.NextDouble() - 0.5))];
    }
}
