using DistTrain.Learning.Optimizers;
using DistTrain.Numerics;

namespace DistTrain.Shared.Tests.Learning.Optimizers;

/// <summary>Four coordinates at a time against one after the other, zeros, borders and lengths that are no multiple of four included.</summary>
public sealed class OrthantTests
{
    const int Length = 1_003;

    static readonly double[] Point = Sparse(1);
    static readonly double[] L1 = [.. Sparse(2).Select(Math.Abs)];
    static readonly double[] Slopes = PseudoGradient.Of(Point, Sparse(3), L1);

    [Fact]
    public void A_trial_stays_within_the_orthant()
    {
        var (direction, trial) = (Sparse(4), new double[Length]);

        new Orthant(Point, Slopes, L1).Step(0.7, direction, trial);

        Assert.Contains(trial.Zip(Point), pair => pair.First == 0 && pair.Second != 0);
        for (var i = 0; i < Length; i++)
        {
            var free = (double)(float)(Point[i] + 0.7 * direction[i]);
            Assert.Equal(L1[i] > 0 && Math.Sign(free) * SignOf(i) < 0 ? 0 : free, trial[i]);
        }
    }

    [Fact]
    public void The_slope_at_the_end_has_the_edges_of_the_orthant()
    {
        var (gradient, trial) = (Sparse(5), Sparse(6));
        var (slope, size) = (0.0, 0.0);
        for (var i = 0; i < Length; i++)
        {
            var part = (gradient[i] + L1[i] * SignOf(i)) * (trial[i] - Point[i]);
            (slope, size) = (slope + part, size + Math.Abs(part));
        }

        Assert.Equal(slope, new Orthant(Point, Slopes, L1).EndSlope(gradient, trial), 1e-12 * size);
    }

    [Fact]
    public void Coordinates_at_zero_are_held_by_their_slopes_or_where_a_direction_leads_uphill()
    {
        var (direction, free) = (Sparse(7), new bool[Length]);
        var orthant = new Orthant(Point, Slopes, L1);

        orthant.Free(free);
        Assert.Equal(Enumerable.Range(0, Length).Select(i => L1[i] == 0 || Point[i] != 0 || Slopes[i] != 0), free);

        var (before, moved) = (free.ToArray(), direction.ToArray());
        Assert.True(orthant.HoldUphill(direction, free));
        for (var i = 0; i < Length; i++)
        {
            var isUphill = before[i] && L1[i] != 0 && Point[i] == 0 && !(moved[i] * Slopes[i] < 0);
            Assert.Equal((before[i] && !isUphill, isUphill ? 0 : moved[i]), (free[i], direction[i]));
        }
        Assert.False(orthant.HoldUphill(direction, free));
    }

    static int SignOf(int i) => Math.Sign(Point[i] != 0 ? Point[i] : -Slopes[i]);

    /// <summary>Normal numbers, a third of them 0.</summary>
    static double[] Sparse(ulong stream)
    {
        var (random, result) = (new CounterRandom(31, stream), new double[Length]);
        foreach (ref var number in result.AsSpan()) number = random.NextDouble() < 1 / 3.0 ? 0 : (float)random.NextGaussian();
        return result;
    }
}
