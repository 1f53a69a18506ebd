namespace DistTrain.Numerics;

/// <summary>By how much numbers were changed by rounding, relative to themselves, in whole units: integers, the same in any order.</summary>
/// <param name="SquareSum">Σ change².</param>
/// <param name="Largest">The largest change.</param>
public readonly record struct RoundingSums(long SquareSum, int Largest)
{
    /// <summary>Units of a change by the number itself: fine enough for figures of three digits, and coarse enough for 2³⁹ numbers.</summary>
    public const int UnitsOfOne = 1 << 20;

    /// <summary>The largest change as a share of the number.</summary>
    public double Most => (double)Largest / UnitsOfOne;

    /// <summary>Root mean square of the changes, as a share of each number.</summary>
    /// <param name="count">Numbers that were rounded, at least 1.</param>
    public double RootMeanSquare(double count) => Math.Sqrt(SquareSum / count) / UnitsOfOne;

    public static RoundingSums operator +(RoundingSums one, RoundingSums other) =>
        new(checked(one.SquareSum + other.SquareSum), Math.Max(one.Largest, other.Largest));
}
