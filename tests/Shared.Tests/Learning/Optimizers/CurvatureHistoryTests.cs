using DistTrain.Learning.Optimizers;

namespace DistTrain.Shared.Tests.Learning.Optimizers;

public sealed class CurvatureHistoryTests
{
    /// <summary>As far as float32 goes: so pairs are kept.</summary>
    const double Near = 1e-6;

    static readonly CurvatureHistory Start = CurvatureHistory.From(new DiagonalCurvature(2, 4));

    [Fact]
    public void Without_pairs_the_direction_is_that_of_the_starting_curvature() =>
        Assert.Equal([-3.0, -5.0], Start.Direction([6, 20]));

    [Fact]
    public void The_newest_pair_satisfies_the_secant_equation()
    {
        var history = Start.WithStep([1, 2], [3, 1]).WithStep([0.5, -1], [2, -3]);

        var direction = history.Direction([2, -3]); // −H·y = −s

        Assert.Equal(-0.5, direction[0], 1e-14);
        Assert.Equal(1, direction[1], 1e-14);
    }

    [Fact]
    public void A_pair_that_float32_rounds_satisfies_it_as_far_as_float32_goes()
    {
        var history = Start.WithStep([0.1, 0.7], [0.3, 1.1]).WithStep([0.3, -0.9], [1.7, -3.1]);

        var direction = history.Direction([1.7, -3.1]);

        Assert.Equal(-0.3, direction[0], Near);
        Assert.Equal(0.9, direction[1], Near);
    }

    [Theory]
    [InlineData(1e39, 1)] // no float32
    [InlineData(1e-60, 1e-60)] // 0 in float32
    public void A_pair_that_float32_cannot_hold_is_left_out(double first, double second) =>
        Assert.True(Start.WithStep([1, 1], [first, second]).IsEmpty);

    [Theory]
    [InlineData(1, 2)] // negative curvature: 1·1 − 1·2
    [InlineData(1, 1 - 1e-9)] // lost in rounding: 1·1 − 1·(1 − 1e-9)
    [InlineData(0, 0)]
    public void A_pair_without_curvature_is_left_out(double first, double second)
    {
        var history = Start.WithStep([1, -1], [first, second]);

        Assert.True(history.IsEmpty);
    }

    [Fact]
    public void With_some_coordinates_held_the_direction_is_that_of_the_others_alone()
    {
        // The same steps and changes, seen by a function of the first and the last coordinate.
        var three = CurvatureHistory.From(new DiagonalCurvature(2, 4, 8)).WithStep([1, 5, 2], [3, 1, 1]).WithStep([0.5, 1, -1], [2, 7, -3]);
        var two = CurvatureHistory.From(new DiagonalCurvature(2, 8)).WithStep([1, 2], [3, 1]).WithStep([0.5, -1], [2, -3]);

        var direction = three.Direction([4, 100, -1], [true, false, true]);

        var expected = two.Direction([4, -1]);
        Assert.Equal(0, direction[1]);
        Assert.True(direction[0] * expected[0] > 0 && direction[2] * expected[1] > 0); // The scale γ is that of all three.
        Assert.Equal(0, three.Direction([2, 0, -3], [true, false, true])[0] + 0.5, 1e-14); // The secant equation holds within.
    }

    [Fact]
    public void A_pair_whose_curvature_lies_in_held_coordinates_is_left_out()
    {
        var history = Start.WithStep([1, 1], [-1, 3]);

        Assert.Equal([-3.0, 0], Start.Direction([6, 20], [true, false]));
        Assert.True(history.Direction([6, 20], [true, false])[0] < 0);
    }

    [Fact]
    public void Of_long_vectors_the_sixth_pair_pushes_out_the_first()
    {
        double[] Long(double first, double second) => [first, second, .. new double[1 << 19]];
        var start = CurvatureHistory.From(new DiagonalCurvature(Long(1, 1).Select(_ => 2.0).ToArray()));
        var (with, without) = (start.WithStep(Long(1, 0), Long(5, 0)), start);
        for (var i = 1; i <= 5; i++)
        {
            if (i == 5) Assert.NotEqual(without.Direction(Long(1, 1)), with.Direction(Long(1, 1)));
            with = with.WithStep(Long(i, 1), Long(i, 2));
            without = without.WithStep(Long(i, 1), Long(i, 2));
        }

        Assert.Equal(without.Direction(Long(1, 1)), with.Direction(Long(1, 1)));
    }

    [Fact]
    public void The_eleventh_pair_pushes_out_the_first()
    {
        var first = Start.WithStep([1, 0], [5, 0]);
        var (with, without) = (first, Start);
        for (var i = 1; i <= 10; i++)
        {
            with = with.WithStep([i, 1], [i, 2]);
            without = without.WithStep([i, 1], [i, 2]);
        }

        Assert.Equal(without.Direction([1, 1]), with.Direction([1, 1]));
        Assert.True(with.Forget().IsEmpty);
    }
}

static class Steps
{
    /// <summary>A history with a step from 0, where the gradient was 0.</summary>
    public static CurvatureHistory WithStep(this CurvatureHistory history, double[] step, double[] gradientChange) =>
        history.With(step, new double[step.Length], 0, gradientChange, new double[step.Length]);
}
