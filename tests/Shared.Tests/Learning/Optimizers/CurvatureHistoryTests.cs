using DistTrain.Learning.Optimizers;

namespace DistTrain.Shared.Tests.Learning.Optimizers;

public sealed class CurvatureHistoryTests
{
    static readonly CurvatureHistory Start = CurvatureHistory.From(new DiagonalCurvature(2, 4));

    [Fact]
    public void Without_pairs_the_direction_is_that_of_the_starting_curvature() =>
        Assert.Equal([-3.0, -5.0], Start.Direction([6, 20]));

    [Fact]
    public void The_newest_pair_satisfies_the_secant_equation()
    {
        var history = Start.With([1, 2], [3, 1]).With([0.5, -1], [2, -3]);

        var direction = history.Direction([2, -3]); // −H·y = −s

        Assert.Equal(-0.5, direction[0], 1e-14);
        Assert.Equal(1, direction[1], 1e-14);
    }

    [Theory]
    [InlineData(1, 2)] // negative curvature: 1·1 − 1·2
    [InlineData(1, 1 - 1e-9)] // lost in rounding: 1·1 − 1·(1 − 1e-9)
    [InlineData(0, 0)]
    public void A_pair_without_curvature_is_left_out(double first, double second)
    {
        var history = Start.With([1, -1], [first, second]);

        Assert.True(history.IsEmpty);
    }

    [Fact]
    public void With_some_coordinates_held_the_direction_is_that_of_the_others_alone()
    {
        // The same steps and changes, seen by a function of the first and the last coordinate.
        var three = CurvatureHistory.From(new DiagonalCurvature(2, 4, 8)).With([1, 5, 2], [3, 1, 1]).With([0.5, 1, -1], [2, 7, -3]);
        var two = CurvatureHistory.From(new DiagonalCurvature(2, 8)).With([1, 2], [3, 1]).With([0.5, -1], [2, -3]);

        var direction = three.Direction([4, 100, -1], [true, false, true]);

        var expected = two.Direction([4, -1]);
        Assert.Equal(0, direction[1]);
        Assert.True(direction[0] * expected[0] > 0 && direction[2] * expected[1] > 0); // The scale γ is that of all three.
        Assert.Equal(0, three.Direction([2, 0, -3], [true, false, true])[0] + 0.5, 1e-14); // The secant equation holds within.
    }

    [Fact]
    public void A_pair_whose_curvature_lies_in_held_coordinates_is_left_out()
    {
        var history = Start.With([1, 1], [-1, 3]);

        Assert.Equal([-3.0, 0], Start.Direction([6, 20], [true, false]));
        Assert.True(history.Direction([6, 20], [true, false])[0] < 0);
    }

    [Fact]
    public void The_eleventh_pair_pushes_out_the_first()
    {
        var first = Start.With([1, 0], [5, 0]);
        var (with, without) = (first, Start);
        for (var i = 1; i <= 10; i++)
        {
            with = with.With([i, 1], [i, 2]);
            without = without.With([i, 1], [i, 2]);
        }

        Assert.Equal(without.Direction([1, 1]), with.Direction([1, 1]));
        Assert.True(with.Forget().IsEmpty);
    }
}
