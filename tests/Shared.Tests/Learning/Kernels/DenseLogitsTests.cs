using DistTrain.Learning.Kernels;

namespace DistTrain.Shared.Tests.Learning.Kernels;

public sealed unsafe class DenseLogitsTests
{
    public static TheoryData<int, int, bool> Shapes => DenseShapes.All;

    [Theory, MemberData(nameof(Shapes))]
    public void Logits_have_the_bits_of_sums_lane_by_lane_in_any_group_of_classes(int stride, int quarterRows, bool halved)
    {
        var step = new DenseStep(stride, quarterRows, halved);
        var weights = step.Numbers(4 * stride);
        var expected = DenseStep.Bits(Twin(step, weights, 4));

        for (var classCount = 1; classCount <= 4; classCount++)
        {
            var logits = halved ? Compute<Bf16Values>(step, weights, classCount) : Compute<Float32Values>(step, weights, classCount);

            Assert.Equal(expected[..(classCount * DenseStep.RowCount)], DenseStep.Bits(logits));
        }
    }

    [Theory, MemberData(nameof(Shapes))]
    public void Many_classes_are_computed_in_groups(int stride, int quarterRows, bool halved)
    {
        const int classCount = 11;
        var step = new DenseStep(stride, quarterRows, halved);
        var (weights, logits) = (step.Numbers(classCount * stride), new float[classCount * DenseStep.RowCount]);

        fixed (byte* rows = step.Bytes())
        fixed (float* v = weights, z = logits)
        {
            if (halved) DenseLogits<Bf16Values>.Compute(rows, step.QuarterBytes, stride, v, classCount, z, default);
            else DenseLogits<Float32Values>.Compute(rows, step.QuarterBytes, stride, v, classCount, z, default);
        }

        Assert.Equal(DenseStep.Bits(Twin(step, weights, classCount)), DenseStep.Bits(logits));
    }

    /// <summary>A group of <paramref name="classCount"/> classes.</summary>
    static float[] Compute<TValues>(DenseStep step, float[] weights, int classCount) where TValues : struct, IDenseValues
    {
        var logits = new float[classCount * DenseStep.RowCount];
        fixed (byte* rows = step.Bytes())
        fixed (float* v = weights, z = logits)
        {
            var ahead = new RowsAhead(0, step.QuarterBytes).ForLogits(0, 1);
            if (classCount == 1) DenseLogits<TValues>.Compute<One>(rows, step.QuarterBytes, step.Stride, v, z, ahead);
            else if (classCount == 2) DenseLogits<TValues>.Compute<Two>(rows, step.QuarterBytes, step.Stride, v, z, ahead);
            else if (classCount == 3) DenseLogits<TValues>.Compute<Three>(rows, step.QuarterBytes, step.Stride, v, z, ahead);
            else DenseLogits<TValues>.Compute<Four>(rows, step.QuarterBytes, step.Stride, v, z, ahead);
        }
        return logits;
    }

    /// <summary>Number after number, in the order that the kernel promises.</summary>
    static float[] Twin(DenseStep step, float[] weights, int classCount)
    {
        var logits = new float[classCount * DenseStep.RowCount];
        for (var slot = 0; slot < logits.Length; slot++)
        {
            var (c, row) = (slot / DenseStep.RowCount, slot % DenseStep.RowCount);
            var x = step.Row(row / 8, row % 8);
            var lanes = new float[8];
            for (var d = 0; d < x.Length; d++) lanes[d % 8] = MathF.FusedMultiplyAdd(x[d], weights[c * step.Stride + d], lanes[d % 8]);
            logits[slot] = ((lanes[0] + lanes[1]) + (lanes[2] + lanes[3])) + ((lanes[4] + lanes[5]) + (lanes[6] + lanes[7]));
        }
        return logits;
    }
}
