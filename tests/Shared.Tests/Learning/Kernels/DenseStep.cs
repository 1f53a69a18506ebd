using DistTrain.Learning.Kernels;
using DistTrain.Numerics;

namespace DistTrain.Shared.Tests.Learning.Kernels;

/// <summary>The rows of one step in a format, as the dense kernels find them, and the numbers that the twins read.</summary>
/// <param name="quarterRows">Rows from one quarter to the next, at least 8.</param>
sealed class DenseStep(int stride, int quarterRows, bool halved)
{
    public const int RowCount = BlockRows.StepRows;

    readonly CounterRandom _random = new(6, (ulong)stride);

    public int Stride => stride;

    public int QuarterBytes => quarterRows * stride * (halved ? sizeof(ushort) : sizeof(float));

    /// <summary>Numbers that both formats hold.</summary>
    public float[] Values => field ??= Rounded(Numbers(4 * quarterRows * stride));

    /// <summary>The rows in memory.</summary>
    public byte[] Bytes()
    {
        var bytes = new byte[4 * QuarterBytes];
        var width = halved ? sizeof(ushort) : sizeof(float);
        for (var i = 0; i < Values.Length; i++) BitConverter.GetBytes(Values[i])[(sizeof(float) - width)..].CopyTo(bytes, i * width);
        return bytes;
    }

    /// <summary>Row <paramref name="row"/> of a quarter.</summary>
    public ReadOnlySpan<float> Row(int quarter, int row) => Values.AsSpan((quarter * quarterRows + row) * stride, stride);

    public float[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(_ => (float)(_random.NextDouble() - 0.5))];

    public static int[] Bits(float[] numbers) => [.. numbers.Select(BitConverter.SingleToInt32Bits)];

    static float[] Rounded(float[] values)
    {
        var halves = new ushort[values.Length];
        Bfloat16.Round(values, halves);
        Bfloat16.Widen(halves, values);
        return values;
    }
}
