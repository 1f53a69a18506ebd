using DistTrain.Learning.Kernels;

namespace DistTrain.Shared.Tests.Learning.Kernels;

public sealed unsafe class DenseGradientTests
{
    public static TheoryData<int, int, bool> Shapes => DenseShapes.All;

    [Theory, MemberData(nameof(Shapes))]
    public void A_gradient_has_the_bits_of_sums_row_by_row_in_any_group_of_classes(int stride, int quarterRows, bool halved)
    {
        var step = new DenseStep(stride, quarterRows, halved);
        var (residuals, before) = (step.Numbers(4 * DenseStep.RowCount), step.Numbers(4 * stride));
        var expected = DenseStep.Bits(Twin(step, residuals, before));

        for (var classCount = 1; classCount <= 4; classCount++)
        {
            var gradient = before[..(classCount * stride)];
            if (halved) Add<Bf16Values>(step, residuals, gradient, classCount);
            else Add<Float32Values>(step, residuals, gradient, classCount);

            Assert.Equal(expected[..gradient.Length], DenseStep.Bits(gradient));
        }
    }

    [Theory, MemberData(nameof(Shapes))]
    public void Many_classes_are_added_in_groups(int stride, int quarterRows, bool halved)
    {
        const int classCount = 11;
        var step = new DenseStep(stride, quarterRows, halved);
        var (residuals, gradient) = (step.Numbers(classCount * DenseStep.RowCount), step.Numbers(classCount * stride));
        var expected = Twin(step, residuals, gradient);

        fixed (byte* rows = step.Bytes())
        fixed (float* r = residuals, g = gradient)
        {
            if (halved) DenseGradient<Bf16Values>.Add(rows, step.QuarterBytes, stride, r, classCount, g, default);
            else DenseGradient<Float32Values>.Add(rows, step.QuarterBytes, stride, r, classCount, g, default);
        }

        Assert.Equal(DenseStep.Bits(expected), DenseStep.Bits(gradient));
    }

    /// <summary>A group of <paramref name="classCount"/> classes.</summary>
    static void Add<TValues>(DenseStep step, float[] residuals, float[] gradient, int classCount) where TValues : struct, IDenseValues
    {
        fixed (byte* rows = step.Bytes())
        fixed (float* r = residuals, g = gradient)
        {
            var ahead = new RowsAhead(0, step.QuarterBytes).ForGradient(0, 1);
            if (classCount == 1) DenseGradient<TValues>.Add<One>(rows, step.QuarterBytes, step.Stride, r, g, ahead);
            else if (classCount == 2) DenseGradient<TValues>.Add<Two>(rows, step.QuarterBytes, step.Stride, r, g, ahead);
            else if (classCount == 3) DenseGradient<TValues>.Add<Three>(rows, step.QuarterBytes, step.Stride, r, g, ahead);
            else DenseGradient<TValues>.Add<Four>(rows, step.QuarterBytes, step.Stride, r, g, ahead);
        }
    }

    /// <summary>Number after number, in the order that the kernel promises: tile by tile, in each tile quarter by quarter.</summary>
    static float[] Twin(DenseStep step, float[] residuals, float[] before)
    {
        float[] gradient = [.. before];
        for (var i = 0; i < gradient.Length; i++)
        {
            var (c, d) = (i / step.Stride, i % step.Stride);
            for (var tile = 0; tile < 8; tile++)
            {
                for (var quarter = 0; quarter < 4; quarter++)
                {
                    var residual = residuals[c * DenseStep.RowCount + 8 * quarter + tile];
                    gradient[i] = MathF.FusedMultiplyAdd(step.Row(quarter, tile)[d], residual, gradient[i]);
                }
            }
        }
        return gradient;
    }
}
