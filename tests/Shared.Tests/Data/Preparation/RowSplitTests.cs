using CsCheck;
using DistTrain.Data.Preparation;

namespace DistTrain.Shared.Tests.Data.Preparation;

public class RowSplitTests
{
    [Fact]
    public void Every_row_is_in_exactly_one_part() =>
        Gen.Select(Gen.Int[0, 500], Gen.Double[0, 0.99], Gen.ULong).Sample(
            (rowCount, fraction, seed) =>
            {
                var split = RowSplit.Of(rowCount, fraction, seed);
                return split.Training.Concat(split.Validation).Order().SequenceEqual(Enumerable.Range(0, rowCount))
                    && split.Validation.All(row => split.HeldOut[row])
                    && !split.Training.Any(row => split.HeldOut[row]);
            },
            iter: 200, seed: "0000KeOPrtO4");

    [Fact]
    public void About_the_fraction_is_held_out() => Assert.InRange(RowSplit.Of(100_000, 0.1, 1).Validation.Length, 9_700, 10_300);

    [Fact]
    public void A_fraction_of_0_holds_nothing_out() => Assert.Empty(RowSplit.Of(1000, 0, 1).Validation);

    [Fact]
    public void A_row_stays_in_its_part_when_rows_are_appended() =>
        Assert.Equal(RowSplit.Of(500, 0.3, 7).HeldOut, RowSplit.Of(1000, 0.3, 7).HeldOut[..500]);

    [Fact]
    public void Rows_are_shuffled_by_the_seed()
    {
        Assert.Equal(RowSplit.Of(100, 0, 1).Training, RowSplit.Of(100, 0, 1).Training);
        Assert.NotEqual(RowSplit.Of(100, 0, 1).Training, RowSplit.Of(100, 0, 2).Training);
        Assert.NotEqual(Enumerable.Range(0, 100), RowSplit.Of(100, 0, 1).Training);
    }

    [Fact]
    public void A_table_of_its_own_is_held_out_whole() =>
        Assert.Equal(Enumerable.Range(0, 50), RowSplit.AllHeldOut(50, 1).Validation.Order());
}
