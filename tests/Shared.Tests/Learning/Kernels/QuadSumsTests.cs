using DistTrain.Learning.Kernels;

namespace DistTrain.Shared.Tests.Learning.Kernels;

/// <summary>Sums of rows in four partial sums, against the same additions one at a time.</summary>
public sealed unsafe class QuadSumsTests
{
    const int RowCount = 1000;

    [Theory, InlineData(0), InlineData(4), InlineData(8), InlineData(128)]
    public void Each_kind_of_lanes_adds_in_the_same_order(int count)
    {
        AssertSums<Lanes2>(count);
        AssertSums<Lanes4>(count);
        AssertSums<Lanes8>(count);
        AssertSums<Lanes16>(count);
        AssertSums<Lanes24>(count);
    }

    static void AssertSums<TLanes>(int count) where TLanes : struct, ILanes<TLanes>
    {
        var random = new Random(count);
        float[] rows = [.. Enumerable.Range(0, RowCount * TLanes.Width).Select(_ => random.NextSingle() - 0.5f)];
        ushort[] numbers = [.. Enumerable.Range(0, count).Select(_ => (ushort)random.Next(RowCount))];
        float[] values = [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() * 3)];
        var (valued, ones) = (new float[TLanes.Width], new float[TLanes.Width]);
        fixed (float* row = rows, value = values, valuedSum = valued, onesSum = ones)
        fixed (ushort* number = numbers)
        {
            TLanes.SumOfQuads(row, number, value, count).Store(valuedSum);
            TLanes.SumOfQuads(row, number, count).Store(onesSum);
        }
        for (var lane = 0; lane < TLanes.Width; lane++)
        {
            Assert.Equal(PlainSum(rows, numbers, values, lane, TLanes.Width), valued[lane]);
            Assert.Equal(PlainSum(rows, numbers, [.. values.Select(_ => 1f)], lane, TLanes.Width), ones[lane]);
        }
    }

    static float PlainSum(float[] rows, ushort[] numbers, float[] values, int lane, int width)
    {
        var partial = new float[4];
        for (var i = 0; i < numbers.Length; i++)
            partial[i % 4] = MathF.FusedMultiplyAdd(values[i], rows[numbers[i] * width + lane], partial[i % 4]);
        return (partial[0] + partial[2]) + (partial[1] + partial[3]);
    }
}
