using DistTrain.Data.Storage;

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
