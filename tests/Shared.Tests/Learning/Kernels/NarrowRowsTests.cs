using DistTrain.Learning.Kernels;

namespace DistTrain.Shared.Tests.Learning.Kernels;

public sealed unsafe class NarrowRowsTests
{
    const int Stride = NarrowRows<Float32Values>.Stride;

    [Theory, InlineData(8), InlineData(11)]
    public void A_gradient_in_registers_has_the_bits_of_one_in_memory(int quarterRows)
    {
        var step = new DenseStep(Stride, quarterRows, halved: false);
        var (residuals, gradient) = (step.Numbers(2 * DenseStep.RowCount), step.Numbers(2 * Stride));
        float[] expected = [.. gradient];

        fixed (byte* rows = step.Bytes())
        fixed (float* residual = residuals, narrow = gradient, wide = expected)
        {
            NarrowRows<Float32Values>.AddGradient(rows, step.QuarterBytes, residual, narrow);
            DenseGradient<Float32Values>.Add<Two>(rows, step.QuarterBytes, Stride, residual, wide, default);
        }

        Assert.Equal(DenseStep.Bits(expected), DenseStep.Bits(gradient));
    }

    [Theory, InlineData(8), InlineData(11)]
    public void Logits_with_weights_in_registers_have_the_bits_of_others(int quarterRows)
    {
        var step = new DenseStep(Stride, quarterRows, halved: false);
        var weights = step.Numbers(2 * Stride);
        var (logits, expected) = (new float[2 * DenseStep.RowCount], new float[2 * DenseStep.RowCount]);

        fixed (byte* rows = step.Bytes())
        fixed (float* weight = weights, narrow = logits, wide = expected)
        {
            NarrowRows<Float32Values>.ComputeLogits(rows, step.QuarterBytes, weight, narrow);
            DenseLogits<Float32Values>.Compute<Two>(rows, step.QuarterBytes, Stride, weight, wide, default);
        }

        Assert.Equal(DenseStep.Bits(expected), DenseStep.Bits(logits));
    }
}
