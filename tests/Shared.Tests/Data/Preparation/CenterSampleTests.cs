using DistTrain.Data.Preparation;

namespace DistTrain.Shared.Tests.Data.Preparation;

public class CenterSampleTests
{
    [Fact]
    public void Few_training_rows_are_all_in_the_sample() =>
        Assert.Equal([0, 2, 3], CenterSample.RowsOf([false, true, false, false, true]));

    [Fact]
    public void No_training_rows_make_no_sample() =>
        Assert.Empty(CenterSample.RowsOf([true, true]));

    [Theory, InlineData(6144), InlineData(6146), InlineData(15_000)]
    public void Of_many_training_rows_it_has_evenly_spaced_ones(int rowCount)
    {
        var heldOut = Enumerable.Range(0, rowCount).Select(row => row % 3 == 0).ToArray();
        var training = Enumerable.Range(0, rowCount).Where(row => !heldOut[row]).ToArray();

        var expected = Enumerable.Range(0, CenterSample.RowsMax).Select(i => training[(long)i * training.Length / CenterSample.RowsMax]);

        Assert.Equal(expected, CenterSample.RowsOf(heldOut));
    }
}
