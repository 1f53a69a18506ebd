using DistTrain.Data.Storage;
using DistTrain.Numerics;

namespace DistTrain.Shared.Tests.Data.Storage;

public class DenseRowsTests
{
    [Theory, InlineData(1, 8), InlineData(3, 24), InlineData(5, 0)]
    public unsafe void The_first_row_is_64_byte_aligned(int rowCount, int stride)
    {
        var rows = new DenseRows(rowCount, stride);

        fixed (float* first = rows.Values) Assert.Equal(0, (nint)first % 64);
        Assert.Equal(rowCount * stride, rows.Values.Length);
    }

    [Theory, InlineData(8), InlineData(16), InlineData(128)]
    public unsafe void Rounded_rows_take_half_the_memory_and_are_read_back_as_rounded(int stride)
    {
        var rows = new DenseRows(3, stride, DenseFormat.Bf16);
        float[] row = [.. Enumerable.Range(1, stride).Select(d => d / 7f)];

        rows.Write(1, row);

        fixed (ushort* first = rows.Halves) Assert.Equal(0, (nint)first % 64);
        Assert.Equal((3 * stride, 2 * stride, 6 * stride), (rows.Halves.Length, rows.RowBytes, rows.Bytes.Length));
        var (rounded, expected, read) = (new ushort[stride], new float[stride], new float[stride]);
        var sums = Bfloat16.Round(row, rounded);
        Bfloat16.Widen(rounded, expected);
        Assert.Equal(expected, rows.Read(1, read).ToArray());
        Assert.Equal(expected, rows.Slice(1, 2).Read(0, read).ToArray());
        Assert.All(rows.Read(0, read).ToArray(), x => Assert.Equal(0, x));
        Assert.Equal(sums, rows.Rounding);
    }

    [Fact]
    public void What_rounding_changed_does_not_depend_on_who_wrote_which_row_when()
    {
        float[][] values = [.. Enumerable.Range(0, 64).Select(row => (float[])[.. Enumerable.Range(0, 8).Select(d => 1 + row * d / 511f)])];
        var (forwards, backwards) = (new DenseRows(64, 8, DenseFormat.Bf16), new DenseRows(64, 8, DenseFormat.Bf16));

        for (var row = 0; row < 64; row++) forwards.Write(row, values[row]);
        Parallel.For(0, 64, row => backwards.Write(63 - row, values[63 - row]));

        Assert.Equal(forwards.Rounding, backwards.Rounding);
        Assert.Equal(forwards.Halves.ToArray(), backwards.Halves.ToArray());
    }

    [Fact]
    public void Rows_of_one_format_are_not_read_as_another()
    {
        var (whole, rounded) = (new DenseRows(2, 8), new DenseRows(2, 8, DenseFormat.Bf16));

        Assert.Throws<InvalidOperationException>(() => whole.Halves.Length);
        Assert.Throws<InvalidOperationException>(() => rounded.Values.Length);
        Assert.Throws<InvalidOperationException>(() => rounded.Row(0).Length);
    }

    [Fact]
    public void A_slice_shares_its_rows()
    {
        var rows = new DenseRows(4, 8);
        var slice = rows.Slice(1, 2);

        rows.Row(2)[7] = 5;

        Assert.Equal(5, slice.Row(1)[7]);
        Assert.Equal((2, 8, 16), (slice.RowCount, slice.Stride, slice.Values.Length));
        Assert.Throws<ArgumentOutOfRangeException>(() => rows.Slice(3, 2));
    }
}
