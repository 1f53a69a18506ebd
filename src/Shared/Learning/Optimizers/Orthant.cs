using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using DistTrain.Numerics;

namespace DistTrain.Learning.Optimizers;

/// <summary>
/// The part of space in which no coordinate changes its sign: that of a point, and of the steepest descent where the point is 0. Of a piece of
/// long vectors, all spans of equal length; only coordinates with λ above 0 have a border.
/// </summary>
/// <param name="point">Where the step begins.</param>
/// <param name="slopes">The pseudo-gradient there (<see cref="PseudoGradient"/>).</param>
/// <param name="l1">λ of each coordinate, at least 0.</param>
readonly ref struct Orthant(ReadOnlySpan<double> point, ReadOnlySpan<double> slopes, ReadOnlySpan<double> l1)
{
    static readonly int Lanes = Vector256<double>.Count;

    readonly ReadOnlySpan<double> _point = point;
    readonly ReadOnlySpan<double> _slopes = slopes;
    readonly ReadOnlySpan<double> _l1 = l1;

    /// <summary>trial = point + length · direction, each number rounded to float32, and 0 where it left the orthant.</summary>
    [MethodImpl(Compilation.Full)]
    public void Step(double length, ReadOnlySpan<double> direction, Span<double> trial)
    {
        Vectors.RoundedSum(_point, length, direction, trial);
        var i = 0;
        for (; i <= trial.Length - Lanes; i += Lanes)
        {
            var there = At(trial, i);
            var inside = Inside(i);
            var isBelow = Vector256.LessThan(there, Vector256<double>.Zero) & Vector256.GreaterThan(inside, Vector256<double>.Zero);
            var isAbove = Vector256.GreaterThan(there, Vector256<double>.Zero) & Vector256.LessThan(inside, Vector256<double>.Zero);
            var isOutside = (isBelow | isAbove) & Vector256.GreaterThan(At(_l1, i), Vector256<double>.Zero);
            Vector256.AndNot(there, isOutside).CopyTo(trial[i..]);
        }
        for (; i < trial.Length; i++)
        {
            if (_l1[i] > 0 && Math.Sign(trial[i]) * Math.Sign(Inside(_point[i], _slopes[i])) < 0) trial[i] = 0;
        }
    }

    /// <summary>Σ (gᵢ + λᵢ·signᵢ)·(trialᵢ − pointᵢ), g the smooth part's gradient at the trial: the slope there along the step, within the orthant.</summary>
    [MethodImpl(Compilation.Full)]
    public double EndSlope(ReadOnlySpan<double> gradient, ReadOnlySpan<double> trial)
    {
        Vector256<double> even = default, odd = default;
        var i = 0;
        for (; i <= trial.Length - 2 * Lanes; i += 2 * Lanes)
        {
            even = Vector256.FusedMultiplyAdd(At(gradient, i) + Edge(i), At(trial, i) - At(_point, i), even);
            odd = Vector256.FusedMultiplyAdd(At(gradient, i + Lanes) + Edge(i + Lanes), At(trial, i + Lanes) - At(_point, i + Lanes), odd);
        }
        var sums = even + odd;
        var slope = sums[0] + sums[1] + (sums[2] + sums[3]);
        for (; i < trial.Length; i++)
            slope += (gradient[i] + _l1[i] * Math.Sign(Inside(_point[i], _slopes[i]))) * (trial[i] - _point[i]);
        return slope;
    }

    /// <summary>False for the coordinates at 0 that their slopes hold there.</summary>
    [MethodImpl(Compilation.Full)]
    public void Free(Span<bool> free)
    {
        for (var i = 0; i < free.Length; i++) free[i] = _l1[i] == 0 | _point[i] != 0 | _slopes[i] != 0;
    }

    /// <summary>Holds the coordinates at 0 that a direction would move uphill; false where there are none.</summary>
    [MethodImpl(Compilation.Full)]
    public bool HoldUphill(Span<double> direction, Span<bool> free)
    {
        var isAny = false;
        for (var i = 0; i < free.Length; i++)
        {
            var isUphill = free[i] & _l1[i] != 0 & _point[i] == 0 & !(direction[i] * _slopes[i] < 0);
            isAny |= isUphill;
            free[i] &= !isUphill;
            direction[i] = isUphill ? 0 : direction[i];
        }
        return isAny;
    }

    /// <summary>A number of the sign that coordinates have in the orthant; 0 where they stay at 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    Vector256<double> Inside(int i)
    {
        var point = At(_point, i);
        return Vector256.ConditionalSelect(Vector256.Equals(point, Vector256<double>.Zero), -At(_slopes, i), point);
    }

    static double Inside(double point, double slope) => point != 0 ? point : -slope;

    /// <summary>λ·sign.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    Vector256<double> Edge(int i)
    {
        var (inside, l1) = (Inside(i), At(_l1, i));
        var upper = Vector256.GreaterThan(inside, Vector256<double>.Zero) & l1;
        return upper - (Vector256.LessThan(inside, Vector256<double>.Zero) & l1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<double> At(ReadOnlySpan<double> x, int i) =>
        Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(x), (nuint)i);
}
