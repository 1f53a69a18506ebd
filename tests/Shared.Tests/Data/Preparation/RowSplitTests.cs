using CsCheck;
using DistTrain.Data;
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

    [Theory, InlineData(2, 0.2), InlineData(5, 0), InlineData(7, 0.1)]
    public void Each_training_row_validates_in_exactly_one_fold_and_held_out_rows_in_none(int count, double fraction)
    {
        var whole = RowSplit.Of(200, fraction, seed: 3);
        var folds = Fold.All(count).Select(fold => whole.Of(fold, seed: 3)).ToList();

        Assert.Equal(whole.Training.Order(), folds.SelectMany(fold => fold.Validation).Order());
        Assert.All(folds, fold =>
        {
            Assert.Equal(whole.Training.Except(fold.Validation).Order(), fold.Training.Order());
            Assert.All(fold.Training, row => Assert.False(fold.HeldOut[row]));
            Assert.Equal(200 - fold.Training.Length, fold.HeldOut.Count(isHeldOut => isHeldOut));
            Assert.InRange(fold.Validation.Length, whole.Training.Length / count, whole.Training.Length / count + 1);
        });
    }

    [Fact]
    public void Folds_follow_the_seed()
    {
        var split = RowSplit.Of(100, 0, 1);

        Assert.Equal(split.FoldsOf(3, 1), split.FoldsOf(3, 1));
        Assert.NotEqual(split.FoldsOf(3, 1), split.FoldsOf(3, 2));
    }

    [Fact]
    public void A_table_of_its_own_is_held_out_whole() =>
        Assert.Equal(Enumerable.Range(0, 50), RowSplit.AllHeldOut(50, 1).Validation.Order());
}
