using DistTrain.Learning.Kernels;
using DistTrain.Numerics;

namespace DistTrain.Shared.Tests.Learning.Kernels;

public sealed unsafe class DenseTilesTests
{
    const int RowCount = BlockRows.StepRows;
    const int Stride = DenseTiles<Float32Values>.NarrowStride;
    const int RowBytes = Stride * sizeof(float);

    readonly CounterRandom _random = new(6, 0);

    [Theory, InlineData(8), InlineData(11)]
    public void A_gradient_in_registers_has_the_bits_of_one_in_memory(int quarterRows)
    {
        // Room behind the rows: the kernel asks for the memory of the next step.
        var (values, residuals) = (Numbers(5 * quarterRows * Stride), Numbers(2 * RowCount));
        var gradient = Numbers(2 * Stride);
        float[] expected = [.. gradient];

        fixed (float* value = values, residual = residuals, narrow = gradient, wide = expected)
        {
            DenseTiles<Float32Values>.AddNarrowGradientOfTwo((byte*)value, quarterRows * RowBytes, residual, narrow);
            DenseTiles<Float32Values>.AddGradientOfTwo((byte*)value, quarterRows * RowBytes, Stride, residual, wide);
        }

        Assert.Equal(Bits(expected), Bits(gradient));
    }

    [Theory, InlineData(8), InlineData(11)]
    public void Logits_with_weights_in_registers_have_the_bits_of_others(int quarterRows)
    {
        var (values, weights) = (Numbers(4 * quarterRows * Stride), Numbers(2 * Stride));
        var (logits, expected) = (new float[2 * RowCount], new float[2 * RowCount]);

        fixed (float* value = values, weight = weights, narrow = logits, wide = expected)
        {
            DenseTiles<Float32Values>.NarrowLogitsOfTwo((byte*)value, quarterRows * RowBytes, weight, narrow);
            DenseTiles<Float32Values>.LogitsOfTwo((byte*)value, quarterRows * RowBytes, Stride, weight, wide);
        }

        Assert.Equal(Bits(expected), Bits(logits));
    }

    [Fact]
    public void A_logit_stands_at_its_rows_place()
    {
        const int quarterRows = 9;
        var (values, weights) = (Numbers(4 * quarterRows * Stride), Numbers(3 * Stride));
        var logits = new float[3 * RowCount];
        fixed (float* value = values, weight = weights, logit = logits)
            DenseTiles<Float32Values>.Logits((byte*)value, quarterRows * RowBytes, Stride, weight, classCount: 3, logit);

        for (var c = 0; c < 3; c++)
        {
            for (var slot = 0; slot < RowCount; slot++)
            {
                var row = slot / 8 * quarterRows + slot % 8;
                var product = 0.0;
                for (var d = 0; d < Stride; d++) product += (double)values[row * Stride + d] * weights[c * Stride + d];
                Assert.Equal(product, logits[c * RowCount + slot], 1e-6);
            }
        }
    }

    float[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(_ => (float)(_random.NextDouble() - 0.5))];

    static int[] Bits(float[] numbers) => [.. numbers.Select(BitConverter.SingleToInt32Bits)];
}
